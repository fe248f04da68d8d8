1395802962 6 8192 wal UTF-8
CREATE TABLE change (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    committed_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    nhs_number TEXT NOT NULL
  ) STRICT;
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
CREATE TABLE document_count (
    week TEXT NOT NULL,
    organisation TEXT NOT NULL,
    type TEXT NOT NULL,
    documents INTEGER NOT NULL,
    PRIMARY KEY (week, organisation, type)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE document_day (
    day TEXT PRIMARY KEY,
    documents INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE document_type (
    type TEXT PRIMARY KEY,
    name TEXT
  ) STRICT, WITHOUT ROWID;
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
    body TEXT NOT NULL, kind INTEGER NOT NULL DEFAULT 0, publisher TEXT NOT NULL DEFAULT '', publication INTEGER NOT NULL DEFAULT 0, beside INTEGER NOT NULL DEFAULT 0, protection TEXT NOT NULL DEFAULT '', owner TEXT GENERATED ALWAYS AS (coalesce(nullif(publisher, ''), nullif(source, ''), '-')) VIRTUAL,
    PRIMARY KEY (patient, section, age, id)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE item_history (
    identity TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    section TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    lifecycle TEXT NOT NULL,
    labels TEXT NOT NULL,
    body TEXT NOT NULL
  , publisher TEXT NOT NULL DEFAULT '', publication INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE kind (
    kind INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;
CREATE TABLE "opt_out" (
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
CREATE TABLE patient (
    patient INTEGER PRIMARY KEY,
    nhs_number TEXT NOT NULL UNIQUE,
    verification TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    local_identifiers TEXT NOT NULL,
    demographics TEXT, stated_birth_dates TEXT, death_stands INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE patient_history (
    patient INTEGER NOT NULL REFERENCES patient,
    ended_at TEXT NOT NULL,
    verification TEXT NOT NULL,
    sensitive INTEGER NOT NULL,
    local_identifiers TEXT NOT NULL,
    demographics TEXT
  ) STRICT;
CREATE TABLE patient_kind (
    patient INTEGER NOT NULL REFERENCES patient,
    kind INTEGER NOT NULL REFERENCES kind,
    PRIMARY KEY (patient, kind)
  ) STRICT, WITHOUT ROWID;
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
CREATE TABLE publication (
    publication INTEGER PRIMARY KEY,
    publisher TEXT NOT NULL,
    via TEXT NOT NULL,
    person TEXT,
    request_id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    counts TEXT NOT NULL
  ) STRICT;
CREATE TABLE "referral" (
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
CREATE TABLE "replacement" (
    replaced TEXT NOT NULL,
    replacing TEXT NOT NULL,
    owner TEXT NOT NULL,
    acts_for TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient,
    PRIMARY KEY (replaced, replacing, owner)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE retraction (
    patient INTEGER NOT NULL REFERENCES patient,
    id TEXT NOT NULL,
    identity TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (patient, id)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE sqlite_sequence(name,seq);
CREATE TABLE store (region TEXT NOT NULL, exclusion_sets_version TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE succession (
    nhs_number TEXT PRIMARY KEY,
    patient INTEGER NOT NULL REFERENCES patient
  ) STRICT, WITHOUT ROWID;
CREATE TABLE succession_claim (
    nhs_number TEXT NOT NULL,
    successor TEXT NOT NULL,
    publisher TEXT NOT NULL,
    publication INTEGER NOT NULL,
    PRIMARY KEY (nhs_number, successor, publisher)
  ) STRICT, WITHOUT ROWID;
CREATE INDEX item_appointment ON item (patient, source, age, id) WHERE section = 'appointments';
CREATE INDEX item_document ON item (id) WHERE section = 'documents';
CREATE INDEX item_encounter ON item (patient, coalesce(body ->> '$.provider.odsCode', source), age, id) WHERE section = 'encounters';
CREATE INDEX item_history_identity ON item_history (identity);
CREATE INDEX item_history_patient ON item_history (patient);
CREATE UNIQUE INDEX item_identity ON item (identity, owner);
CREATE INDEX opt_out_patient ON opt_out (patient);
CREATE INDEX override_grant_by_person ON override_grant (person, at_ms);
CREATE INDEX override_grant_by_reason ON override_grant (nhs_number, person, organisation, barrier, reason, until_ms);
CREATE INDEX override_grant_by_words ON override_grant (nhs_number, person, organisation, barrier, reason, justification, until_ms);
CREATE INDEX override_grant_in_force ON override_grant (nhs_number, person, organisation, until_ms);
CREATE INDEX override_review_open ON override_review (age, grant_id, office) WHERE outcome IS NULL;
CREATE INDEX patient_history_patient ON patient_history (patient);
CREATE INDEX patient_sensitive ON patient (patient) WHERE sensitive = 1;
CREATE INDEX patient_statement_unverified ON patient_statement (patient) WHERE verification NOT IN ('', '01');
CREATE INDEX permission_standing ON permission (nhs_number, organisation) WHERE ended_at IS NULL;
CREATE INDEX referral_patient ON referral (patient, organisation);
CREATE INDEX replacement_patient ON replacement (patient);
CREATE INDEX replacement_replacing ON replacement (replacing);
CREATE INDEX retraction_identity ON retraction (identity);
CREATE INDEX succession_patient ON succession (patient);
