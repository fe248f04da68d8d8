/** "S2CR" in SQLite's application_id: this file is a record store of ours. */
export const applicationId = 0x53324352

/** The tables, one text for each version of them; a database of version n has had the first n applied (PRAGMA user_version). */
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
]
