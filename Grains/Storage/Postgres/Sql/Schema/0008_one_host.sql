-- Purpose: drops the reminders of the host that silos ran on before Orleans. Orleans keeps reminders in orleans_reminder; every expiry grain registers its own again.
-- Frozen once merged: change the schema by adding the next number.

drop table reminder;
drop sequence reminder_etag_seq;
