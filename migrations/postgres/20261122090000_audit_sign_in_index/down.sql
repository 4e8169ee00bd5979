DROP INDEX users_sample;
DROP INDEX audit_events_sign_ins;
