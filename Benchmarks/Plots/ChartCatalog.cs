namespace OrleansMemory.Benchmarks.Plots;

/// <summary>All pictures of <c>docs/scale.md</c>.</summary>
internal static class ChartCatalog
{
    private const string Conversations = "growth-conversations";
    private const string Messages = "growth-messages";
    private const string Memories = "growth-memories";
    private const string Silos = "growth-silos";
    private const string Vacuum = "growth-vacuum";
    private const string AsTheyAre = ", tables as they are";

    public static IReadOnlyList<Chart> All { get; } =
    [
        new(
            Conversations + "-time",
            "Conversations in the database, time of one operation (p50)",
            "conversations",
            "ms",
            ChartScale.PowersAcross,
            Conversations,
            ("append to a warm conversation, 1 caller, p50", "append, warm"),
            ("append to a cold conversation, 1 caller, p50", "append, cold"),
            ("first read of a conversation, p50", "first read"),
            ("a user's newest 50 conversations, p50", "newest 50 of a user"),
            ("read of a conversation that does not exist, p50", "read of one that is not there")
        ),
        new(
            Conversations + "-rate",
            "Conversations in the database, durable appends a second",
            "conversations",
            "appends/s",
            ChartScale.PowersAcross,
            Conversations,
            ("durable appends to 256 warm conversations, 256 callers", "256 warm ones, 256 callers"),
            ("durable appends to cold conversations, 64 callers", "cold ones, 64 callers")
        ),
        new(
            Conversations + "-wal",
            "Conversations in the database, WAL of one append",
            "conversations",
            "bytes",
            ChartScale.PowersAcross,
            Conversations,
            ("WAL per append, the first to a conversation since the checkpoint, page images included", "the first since a checkpoint"),
            ("WAL per append, the later ones", "later ones")
        ),
        new(
            Messages + "-time",
            "Messages in one conversation, time of one operation (p50)",
            "messages",
            "ms",
            ChartScale.Powers,
            Messages,
            ("append, p50", "append"),
            ("last 20 messages while it is active, p50", "last 20, active"),
            ("a page of 50 from the middle, p50", "page from the middle"),
            ("first read, p50", "first read"),
            ("fork, p50", "fork")
        ),
        new(
            Messages + "-search",
            "Messages in one conversation, time of a search (p50)",
            "messages",
            "ms",
            ChartScale.Powers,
            Messages,
            ("first search, which makes the index, p50", "the first one"),
            ("search for a word as texts have them, p50", "a word of the texts"),
            ("search for a word that no text has, p50", "a word of no text")
        ),
        new(
            Memories + "-time",
            "Memories in one scope, time of one operation",
            "memories",
            "ms",
            ChartScale.Powers,
            Memories,
            ("the first recall, which makes the scope active", "first recall"),
            ("recall, p50", "recall, p50"),
            ("recall, p99", "recall, p99"),
            ("record of one memory, p50", "record, p50")
        ),
        new(
            Silos + "-work",
            "Silos on one machine, processor time of a turn over HTTP, 256 connections",
            "silos",
            "µs",
            ChartScale.Even,
            Silos,
            ("turns over HTTP, 256 connections, processor time of all silos for one", "silos"),
            ("turns over HTTP, 256 connections, processor time of PostgreSQL for one", "PostgreSQL"),
            ("turns over HTTP, 256 connections, processor time of the load generator for one", "load generator")
        ),
        new(
            Vacuum + "-size",
            "Days of churn with as many conversations, size of tables",
            "days",
            "MiB",
            ChartScale.Even,
            Vacuum,
            ("conversation without indexes" + AsTheyAre, "conversation"),
            ("indexes of conversation" + AsTheyAre, "indexes of conversation"),
            ("message without indexes" + AsTheyAre, "message"),
            ("indexes of message" + AsTheyAre, "indexes of message"),
            ("turn without indexes" + AsTheyAre, "turn"),
            ("indexes of turn" + AsTheyAre, "indexes of turn")
        ),
    ];
}
