pub(crate) const INSERT_ORGANISATION: &str = "
    INSERT INTO organisation (id, kind, name_ja, name_en, desk_code, corporate_number, sector, prefecture, parent_id,
        designated_on, designation_cause, prompt_target_hours, full_target_days_before, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)";

pub(crate) const UPDATE_TARGETS: &str = "
    UPDATE organisation
    SET prompt_target_hours = $3, full_target_days_before = $4, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const ORGANISATION: &str = "
    SELECT id, kind, name_ja, name_en, desk_code, corporate_number, sector, prefecture, parent_id,
        designated_on, designation_cause, prompt_target_hours, full_target_days_before, version
    FROM organisation
    WHERE id = $1";

pub(crate) const ORGANISATION_BY_DESK: &str = "
    SELECT id, kind, name_ja, name_en, desk_code, corporate_number, sector, prefecture, parent_id,
        designated_on, designation_cause, prompt_target_hours, full_target_days_before, version
    FROM organisation
    WHERE desk_code = $1";

pub(crate) const ORGANISATIONS: &str = "
    SELECT id, kind, name_ja, name_en, desk_code, corporate_number, sector, prefecture, parent_id,
        designated_on, designation_cause, prompt_target_hours, full_target_days_before, version
    FROM organisation
    ORDER BY kind, name_ja, id";

pub(crate) const INSERT_PERSON: &str = "
    INSERT INTO person (id, organisation_id, login, name, locale, password_hash, totp_sealed, totp_last_step, enabled,
        created_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, 1)";

pub(crate) const INSERT_ROLE: &str = "
    INSERT INTO person_role (person_id, role)
    VALUES ($1, $2)";

pub(crate) const REMOVE_ROLES: &str = "
    DELETE FROM person_role
    WHERE person_id = $1";

pub(crate) const NEXT_VERSION: &str = "
    UPDATE person
    SET version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const PERSON: &str = "
    SELECT id, organisation_id, login, name, locale, password_hash, totp_sealed, totp_last_step, enabled, version
    FROM person
    WHERE id = $1";

pub(crate) const PERSON_BY_LOGIN: &str = "
    SELECT id, organisation_id, login, name, locale, password_hash, totp_sealed, totp_last_step, enabled, version
    FROM person
    WHERE login = $1";

pub(crate) const PEOPLE_OF_ORGANISATION: &str = "
    SELECT id, organisation_id, login, name, locale, password_hash, totp_sealed, totp_last_step, enabled, version
    FROM person
    WHERE organisation_id = $1 AND login > $2
    ORDER BY login
    LIMIT $3";

pub(crate) const ROLES: &str = "
    SELECT role
    FROM person_role
    WHERE person_id = $1
    ORDER BY role";

pub(crate) const SET_PASSWORD: &str = "
    UPDATE person
    SET password_hash = $3, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const SET_TOTP: &str = "
    UPDATE person
    SET totp_sealed = $3, totp_last_step = NULL, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const SPEND_TOTP_STEP: &str = "
    UPDATE person
    SET totp_last_step = $2
    WHERE id = $1 AND (totp_last_step IS NULL OR totp_last_step < $2)";

pub(crate) const SET_ENABLED: &str = "
    UPDATE person
    SET enabled = $3, version = version + 1
    WHERE id = $1 AND version = $2";

pub(crate) const SET_LOCALE: &str = "
    UPDATE person
    SET locale = $2
    WHERE id = $1";
