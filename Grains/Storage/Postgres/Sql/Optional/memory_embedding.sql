-- Only where the extension `vector` (pgvector) is installed in the database: the vectors of memory_vector once more, as what the extension compares. It is no
-- numbered script: a database without the extension has the same schema version. It is run when the column is missing, as often as that is the case, under the
-- migrator's lock. {vectors} is the schema of the extension, put in when the statement is loaded.

-- A row goes with its vector: whatever deletes that, be it a deletion, an erasure or another text, deletes this in the same transaction.
create table if not exists memory_embedding (
  memory_id uuid not null,
  model text collate "C" not null,
  constraint pk_memory_embedding primary key (memory_id),
  constraint fk_memory_embedding_vector foreign key (memory_id) references memory_vector (memory_id) on delete cascade
);

-- One long, so that an inner product is a cosine; of any number of dimensions. The column goes when somebody drops the extension, so it may have to be made anew, empty.
alter table memory_embedding add column if not exists embedding {vectors}.vector;

-- Beside its row as long as that fits in a page: a search reads all of them.
alter table memory_embedding alter column embedding set storage main;
