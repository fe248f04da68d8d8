/** "S2CR", SQLite's application_id of our record stores. */
export const applicationId = 0x53324352

/**
 * The schema's migrations, one for each version. A database of version n has had the first n applied (PRAGMA
 * user_version).
 */
export const schemaVersions: readonly string[] = [
  `
  CREATE TABLE store (region TEXT NOT NULL) STRICT;

  CREATE TABLE patient (
    patient INTEGER PRIMARY KEY,
    nhs_number TEXT NOT NULL UNIQUE,
    verification TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    local_identifiers TEXT NOT NULL,
    demographics TEXT,
    version INTEGER,
    last_updated TEXT,
    digest TEXT
  ) STRICT;

  CREATE TABLE patient_history (
    patient INTEGER NOT NULL REFERENCES patient,
    ended_at TEXT NOT NULL,
    verification TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    local_identifiers TEXT NOT NULL,
    demographics TEXT
  ) STRICT;
  CREATE INDEX patient_history_patient ON patient_history (patient);

  -- A superseded number and the patient it now belongs to; always the last of a chain.
  CREATE TABLE succession (
    nhs_number TEXT PRIMARY KEY,
    patient INTEGER NOT NULL REFERENCES patient
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX succession_patient ON succession (patient);

  -- A patient's items lie together in the order they are read: age is minus orderedAtMs, the greatest safe integer where undated, so
  -- that one row comparison (age, id) > (?, ?) finds a page's start. Lists of words are written |A|B| and matched by instr.
  CREATE TABLE item (
    patient INTEGER NOT NULL REFERENCES patient,
    section TEXT NOT NULL,
    age INTEGER NOT NULL,
    id TEXT NOT NULL,
    identity TEXT NOT NULL,
    -- As it is served; a document that its publisher calls current is superseded by another that replaces it.
    lifecycle TEXT NOT NULL,
    published_lifecycle TEXT NOT NULL,
    version INTEGER,
    last_updated TEXT,
    source TEXT NOT NULL,
    labels TEXT NOT NULL,
    codes TEXT NOT NULL,
    categories TEXT NOT NULL,
    based_on TEXT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (patient, section, age, id)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX item_identity ON item (identity);
  CREATE INDEX item_document ON item (id) WHERE section = 'documents';
  CREATE INDEX item_labels ON item (patient, section, labels) WHERE labels <> '' AND labels <> '|N|';

  CREATE TABLE item_history (
    identity TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    section TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    lifecycle TEXT NOT NULL,
    labels TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX item_history_identity ON item_history (identity);
  CREATE INDEX item_history_patient ON item_history (patient);

  -- Which document (identity) says that it replaces which; either may be unknown here.
  CREATE TABLE replacement (
    replaced TEXT NOT NULL,
    replacing TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    PRIMARY KEY (replaced, replacing)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX replacement_replacing ON replacement (replacing);
  CREATE INDEX replacement_patient ON replacement (patient);

  CREATE TABLE retraction (
    patient INTEGER NOT NULL REFERENCES patient,
    id TEXT NOT NULL,
    identity TEXT NOT NULL,
    at TEXT NOT NULL,
    source TEXT NOT NULL,
    labels TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (patient, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE opt_out (
    identity TEXT PRIMARY KEY,
    patient INTEGER NOT NULL REFERENCES patient,
    active INTEGER NOT NULL,
    organisation TEXT,
    last_updated TEXT,
    digest TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX opt_out_patient ON opt_out (patient);

  CREATE TABLE content (
    content INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE content_chunk (
    content INTEGER NOT NULL REFERENCES content,
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (content, position)
  ) STRICT;

  CREATE TABLE change (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    committed_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    nhs_number TEXT NOT NULL
  ) STRICT;
  `,
  // Items told apart by what release rules read of them; referrals; consent as it is recorded at the point of care.
  `
  -- The exclusion sets that kinds were made with; empty: none were made yet.
  ALTER TABLE store ADD COLUMN exclusion_sets_version TEXT NOT NULL DEFAULT '';

  -- An ReleaseClass as JSON. No row is ever changed or taken away.
  CREATE TABLE kind (
    kind INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;
  -- 0 is no kind: what is not classified is not released.
  ALTER TABLE item ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
  -- The kinds of a patient's items and of what is listed as retracted; one of which nothing is left may stay.
  CREATE TABLE patient_kind (
    patient INTEGER NOT NULL REFERENCES patient,
    kind INTEGER NOT NULL REFERENCES kind,
    PRIMARY KEY (patient, kind)
  ) STRICT, WITHOUT ROWID;
  DROP INDEX item_labels;

  -- A retraction is of the kind of the item, as it now is.
  ALTER TABLE retraction DROP COLUMN labels;
  ALTER TABLE retraction DROP COLUMN source;
  CREATE INDEX retraction_identity ON retraction (identity);

  CREATE INDEX item_encounter ON item (patient, coalesce(body ->> '$.provider.odsCode', source), age, id) WHERE section = 'encounters';
  CREATE INDEX item_appointment ON item (patient, source, age, id) WHERE section = 'appointments';

  CREATE TABLE referral (
    identity TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    active INTEGER NOT NULL,
    organisation TEXT NOT NULL,
    authored_on TEXT,
    last_updated TEXT,
    digest TEXT NOT NULL,
    PRIMARY KEY (identity, patient)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX referral_patient ON referral (patient, organisation);

  -- By number, for a number without a record may be given permission for too. Earlier ones stay, ended.
  CREATE TABLE permission (
    permission INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    nhs_number TEXT NOT NULL,
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    basis TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    -- When it was replaced or withdrawn.
    ended_at TEXT
  ) STRICT;
  CREATE INDEX permission_standing ON permission (nhs_number, organisation) WHERE ended_at IS NULL;

  CREATE TABLE override_grant (
    id TEXT PRIMARY KEY,
    nhs_number TEXT NOT NULL,
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    barrier TEXT NOT NULL,
    reason TEXT NOT NULL,
    justification TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX override_grant_person ON override_grant (nhs_number, person);

  -- age is minus the grant's at_ms, so that ascending is newest first.
  CREATE TABLE override_review (
    grant_id TEXT NOT NULL REFERENCES override_grant,
    office TEXT NOT NULL,
    age INTEGER NOT NULL,
    due_by_ms INTEGER NOT NULL,
    outcome TEXT,
    note TEXT,
    reviewer TEXT,
    reviewed_at_ms INTEGER,
    PRIMARY KEY (grant_id, office)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX override_review_open ON override_review (age, grant_id, office) WHERE outcome IS NULL;
  `,
  // The few who are flagged, found without reading the many.
  `
  CREATE INDEX patient_sensitive ON patient (patient) WHERE sensitive = 1;
  `,
  // How many documents were published, kept beside them: a report must not count millions.
  `
  -- Each document once, whatever became of it: under the week in which this store first held it ('all': under every one), and what it then was.
  CREATE TABLE document_count (
    week TEXT NOT NULL,
    organisation TEXT NOT NULL,
    type TEXT NOT NULL,
    documents INTEGER NOT NULL,
    PRIMARY KEY (week, organisation, type)
  ) STRICT, WITHOUT ROWID;
  -- The same by the day in Europe/London.
  CREATE TABLE document_day (
    day TEXT PRIMARY KEY,
    documents INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE document_type (
    type TEXT PRIMARY KEY,
    name TEXT
  ) STRICT, WITHOUT ROWID;
  `,
  // Who published what: each publisher's statements apart, and the trail of publications.
  `
  -- A row for each publication that was stored, whatever came of its entries (counts, as JSON).
  CREATE TABLE publication (
    publication INTEGER PRIMARY KEY,
    publisher TEXT NOT NULL,
    via TEXT NOT NULL,
    person TEXT,
    request_id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    counts TEXT NOT NULL
  ) STRICT;

  -- Whose statement the item is; empty where it was published before that was kept. publication: which brought this version; 0 before.
  ALTER TABLE item ADD COLUMN publisher TEXT NOT NULL DEFAULT '';
  ALTER TABLE item ADD COLUMN publication INTEGER NOT NULL DEFAULT 0;
  -- 1 where another publisher's statement of the same identity was here first and has the id that regions share.
  ALTER TABLE item ADD COLUMN beside INTEGER NOT NULL DEFAULT 0;
  -- Labels that other publishers' statements of the same identity put on this one.
  ALTER TABLE item ADD COLUMN protection TEXT NOT NULL DEFAULT '';
  -- What was published before publishers were kept is taken for its source organisation's: no stranger corrects it.
  ALTER TABLE item ADD COLUMN owner TEXT GENERATED ALWAYS AS (coalesce(nullif(publisher, ''), nullif(source, ''), '-')) VIRTUAL;
  DROP INDEX item_identity;
  CREATE UNIQUE INDEX item_identity ON item (identity, owner);
  ALTER TABLE item_history ADD COLUMN publisher TEXT NOT NULL DEFAULT '';
  ALTER TABLE item_history ADD COLUMN publication INTEGER NOT NULL DEFAULT 0;

  ALTER TABLE retraction ADD COLUMN owner TEXT NOT NULL DEFAULT '';
  UPDATE retraction SET owner = coalesce((SELECT item.owner FROM item WHERE item.identity = retraction.identity), '');

  -- By whose document, and for whom else that publisher acted (printWords; '*': for all).
  CREATE TABLE replacement_5 (
    replaced TEXT NOT NULL,
    replacing TEXT NOT NULL,
    owner TEXT NOT NULL,
    acts_for TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    PRIMARY KEY (replaced, replacing, owner)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO replacement_5
    SELECT replaced, replacing, coalesce((SELECT item.owner FROM item WHERE item.identity = replacing), ''), '', patient FROM replacement;
  DROP TABLE replacement;
  ALTER TABLE replacement_5 RENAME TO replacement;
  CREATE INDEX replacement_replacing ON replacement (replacing);
  CREATE INDEX replacement_patient ON replacement (patient);

  -- What each publisher says of a patient; the patient's own row is what is served of all. Without demographics: a flag alone.
  CREATE TABLE patient_statement (
    patient INTEGER NOT NULL REFERENCES patient,
    publisher TEXT NOT NULL,
    publication INTEGER NOT NULL,
    verification TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    local_identifiers TEXT NOT NULL,
    demographics TEXT,
    version INTEGER,
    last_updated TEXT,
    digest TEXT,
    PRIMARY KEY (patient, publisher)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO patient_statement
    SELECT patient, coalesce(demographics ->> '$.organisation.odsCode', ''), 0, verification, sensitive, local_identifiers, demographics, version, last_updated, digest
    FROM patient WHERE digest IS NOT NULL;
  CREATE INDEX patient_statement_unverified ON patient_statement (patient) WHERE verification NOT IN ('', '01');
  ALTER TABLE patient DROP COLUMN version;
  ALTER TABLE patient DROP COLUMN last_updated;
  ALTER TABLE patient DROP COLUMN digest;
  -- Where publishers differ: the birth dates that they state (JSON), and whether a death that is stated closes the record.
  ALTER TABLE patient ADD COLUMN stated_birth_dates TEXT;
  ALTER TABLE patient ADD COLUMN death_stands INTEGER NOT NULL DEFAULT 1;

  -- Who said that a number succeeds another, whether that took effect or not.
  CREATE TABLE succession_claim (
    nhs_number TEXT NOT NULL,
    successor TEXT NOT NULL,
    publisher TEXT NOT NULL,
    publication INTEGER NOT NULL,
    PRIMARY KEY (nhs_number, successor, publisher)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE opt_out_5 (
    identity TEXT NOT NULL,
    publisher TEXT NOT NULL,
    publication INTEGER NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    active INTEGER NOT NULL,
    organisation TEXT,
    last_updated TEXT,
    digest TEXT NOT NULL,
    PRIMARY KEY (identity, publisher)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO opt_out_5 SELECT identity, '', 0, patient, active, organisation, last_updated, digest FROM opt_out;
  DROP TABLE opt_out;
  ALTER TABLE opt_out_5 RENAME TO opt_out;
  CREATE INDEX opt_out_patient ON opt_out (patient);

  CREATE TABLE referral_5 (
    identity TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    publisher TEXT NOT NULL,
    publication INTEGER NOT NULL,
    active INTEGER NOT NULL,
    organisation TEXT NOT NULL,
    authored_on TEXT,
    last_updated TEXT,
    digest TEXT NOT NULL,
    PRIMARY KEY (identity, patient, publisher)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO referral_5 SELECT identity, patient, '', 0, active, organisation, authored_on, last_updated, digest FROM referral;
  DROP TABLE referral;
  ALTER TABLE referral_5 RENAME TO referral;
  CREATE INDEX referral_patient ON referral (patient, organisation);
  `,
  // Grants are found by where they hold and until when, by what was asked, and by the person's last hour: never by
  // reading all of them.
  `
  DROP INDEX IF EXISTS override_grant_person;
  CREATE INDEX IF NOT EXISTS override_grant_in_force ON override_grant (nhs_number, person, organisation, until_ms);
  CREATE INDEX IF NOT EXISTS override_grant_by_reason ON override_grant (nhs_number, person, organisation, barrier, reason, until_ms);
  CREATE INDEX IF NOT EXISTS override_grant_by_words ON override_grant (nhs_number, person, organisation, barrier, reason, justification, until_ms);
  CREATE INDEX IF NOT EXISTS override_grant_by_person ON override_grant (person, at_ms);
  `,
]
