-- How a person wants to be reminded. Quiet hours are minutes of the day in Japan; none means never quiet.
CREATE TABLE reminder_preference (
  person_id UUID NOT NULL PRIMARY KEY REFERENCES person (id),
  quiet_from BIGINT,
  quiet_until BIGINT,
  mail TEXT,
  changed_at BIGINT NOT NULL,
  CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);

-- Mails that say that something is due, and nothing more. Kept until they are sent or given up.
CREATE TABLE reminder_mail (
  id UUID NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL REFERENCES person (id),
  address TEXT NOT NULL,
  due_at BIGINT,
  legal BIGINT NOT NULL CHECK (legal IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'given_up')),
  attempts BIGINT NOT NULL,
  next_attempt_at BIGINT,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  settled_at BIGINT,
  CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
  CHECK ((state = 'waiting') = (settled_at IS NULL))
);

CREATE INDEX reminder_mail_state ON reminder_mail (state, next_attempt_at);

-- What a person was reminded of. One row for each moment of each limit and person, whatever happens in between.
CREATE TABLE reminder_notice (
  id UUID NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  anchor TEXT NOT NULL CHECK (anchor IN ('start', 'limit')),
  anchor_at BIGINT NOT NULL,
  hours BIGINT NOT NULL,
  legal BIGINT NOT NULL CHECK (legal IN (0, 1)),
  sight TEXT NOT NULL CHECK (sight IN ('open', 'blind')),
  hour TEXT NOT NULL CHECK (hour IN ('ordinary', 'quiet')),
  created_at BIGINT NOT NULL,
  read_at BIGINT,
  mail_id UUID REFERENCES reminder_mail (id),
  UNIQUE (person_id, kind, subject, anchor, anchor_at, hours)
);

CREATE INDEX reminder_notice_person ON reminder_notice (person_id, created_at, id);
CREATE INDEX reminder_notice_unread ON reminder_notice (person_id) WHERE read_at IS NULL;

-- The address under which a calendar program fetches the limits of a person.
CREATE TABLE calendar_feed (
  person_id UUID NOT NULL PRIMARY KEY REFERENCES person (id),
  secret_hash BYTEA NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  fetched_at BIGINT
);

-- How each limit was last told to a calendar program, so that a change is told as a change.
CREATE TABLE calendar_event (
  person_id UUID NOT NULL REFERENCES person (id),
  uid TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, uid)
);
