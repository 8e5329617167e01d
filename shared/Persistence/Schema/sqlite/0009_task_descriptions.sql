-- What a task does, in its author's words.
ALTER TABLE task_runs ADD COLUMN description TEXT;
