using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>A turn: all that one commit changes, written whole or not at all.</summary>
internal sealed record TurnBody
{
    /// <summary>The idempotency key; the header Idempotency-Key stands for it when it is left out.</summary>
    public string? TurnId { get; init; }

    /// <summary>
    /// The version that the caller saw; 0 expects an unknown conversation. Left out, the turn commits onto whatever is there.
    /// </summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>Before anything is appended, drops all but at least so many of the newest messages.</summary>
    public int? KeepLast { get; init; }

    /// <summary>The messages to append, in order.</summary>
    public IReadOnlyList<MessageBody> Messages { get; init; } = [];

    /// <summary>User globals by name: each value replaces the one before, null removes it.</summary>
    public IReadOnlyDictionary<string, JsonElement> Globals { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Entries of session namespaces to set or to remove. The last one wins where two name the same entry.</summary>
    public IReadOnlyList<EntryChangeBody> Entries { get; init; } = [];

    /// <summary>Top-level parts of the MemoryObject by name: each value replaces the one before, null removes it.</summary>
    public IReadOnlyDictionary<string, JsonElement> Object { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Settings that hold where this turn begins the conversation; ignored where it goes on.</summary>
    public SettingsBody? Settings { get; init; }

    /// <summary>Whether the turn only goes on with a conversation: where there is none it is answered with 404 and begins none.</summary>
    public bool MustExist { get; init; }

    /// <summary>What must hold for the turn to be committed; where one does not, the answer is 412 and nothing is written.</summary>
    public IReadOnlyList<ConditionBody> Conditions { get; init; } = [];

    /// <summary>What <see cref="Settings"/> says.</summary>
    [JsonIgnore]
    public ConversationSettings? InitialSettings { get; init; }

    // Deletes are made before writes, so of two changes of one entry only the later one may go out.
    private List<Change> Changes =>
        field ??=
            Globals.Count + Object.Count + Entries.Count == 0
                ? []
                :
                [
                    .. Named(EntrySpaces.Globals, "globals", Globals)
                        .Concat(Named(EntrySpaces.MemoryObject, "object", Object))
                        .Concat(
                            Entries.Select(
                                (entry, index) =>
                                    new Change(
                                        EntrySpaces.Session(entry.Namespace),
                                        entry.Key,
                                        entry.Value,
                                        entry.TimeToLive,
                                        string.Create(CultureInfo.InvariantCulture, $"entries[{index}]")
                                    )
                            )
                        )
                        .Reverse()
                        .DistinctBy(change => (change.Space, change.Key))
                        .Reverse(),
                ];

    /// <summary>Reads a turn.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static TurnBody Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(
            root,
            string.Empty,
            "turnId",
            "expectedVersion",
            "keepLast",
            "messages",
            "globals",
            "entries",
            "object",
            "settings",
            "mustExist",
            "conditions"
        );
        return new TurnBody
        {
            TurnId = body.Text("turnId"),
            ExpectedVersion = body.Integer("expectedVersion"),
            KeepLast = TruncateBody.ToCount(body.Integer("keepLast"), "keepLast"),
            Messages = [.. body.Items("messages").Select(item => MessageBody.Read(item.Element, item.Path))],
            Globals = ReadParts(body, "globals"),
            Entries = [.. body.Items("entries").Select(item => EntryChangeBody.Read(item.Element, item.Path))],
            Object = ReadParts(body, "object"),
            InitialSettings = body.TryGet("settings", out JsonElement settings) ? SettingsDocument.Read(settings, "settings") : null,
            MustExist = body.Flag("mustExist"),
            Conditions = [.. body.Items("conditions").Select(item => ConditionBody.Read(item.Element, item.Path))],
        };
    }

    /// <summary>The turn to commit.</summary>
    /// <param name="header">The turn id of the header, if there was one.</param>
    /// <exception cref="InvalidRequestException">Body and header name different turn ids.</exception>
    public Turn ToTurn(string? header)
    {
        if (TurnId is not null && header is not null && !TurnId.Equals(header, StringComparison.Ordinal))
        {
            throw new InvalidRequestException("turnId", "The body and the header Idempotency-Key name different turns.");
        }

        return new Turn
        {
            TurnId = TurnId ?? header ?? Client.Conversation.NewTurnId(),
            ExpectedVersion = ExpectedVersion,
            InitialSettings = InitialSettings,
            MustExist = MustExist,
            Conditions = [.. Conditions.Select(condition => condition.ToCondition())],
            KeepLast = KeepLast,
            Messages = [.. Messages.Select(message => message.ToNewMessage())],
            EntryWrites = [.. Changes.Where(change => change.Value is not null).Select(change => change.ToWrite())],
            EntryDeletes = [.. Changes.Where(change => change.Value is null).Select(change => change.ToDelete())],
        };
    }

    /// <summary>Where the parts of <see cref="ToTurn"/>'s turn stood in the body.</summary>
    /// <returns>The places.</returns>
    public TurnParts ToParts() =>
        new(
            [.. Changes.Where(change => change.Value is not null).Select(change => change.Path)],
            [.. Changes.Where(change => change.Value is null).Select(change => change.Path)]
        );

    private static Dictionary<string, JsonElement> ReadParts(StrictObject body, string name) =>
        body.TryGet(name, out JsonElement value) ? StrictObject.ReadMap(value, body.PathOf(name)) : [];

    private static IEnumerable<Change> Named(string space, string field, IReadOnlyDictionary<string, JsonElement> parts) =>
        parts.Select(part => new Change(
            space,
            part.Key,
            part.Value.ValueKind == JsonValueKind.Null ? null : part.Value.GetRawText(),
            null,
            $"{field}.{part.Key}"
        ));

    private sealed record Change(string Space, string Key, string? Value, TimeSpan? TimeToLive, string Path)
    {
        public EntryWrite ToWrite() =>
            new()
            {
                Space = Space,
                Key = Key,
                Value = Value!,
                TimeToLive = TimeToLive,
            };

        public EntryDelete ToDelete() => new() { Space = Space, Key = Key };
    }
}

/// <summary>Sets an entry of a session namespace, or removes it.</summary>
internal sealed record EntryChangeBody
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The value, any JSON; required unless the entry is removed.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Value { get; init; }

    /// <summary>How long it lives, in seconds; left out: it does not expire.</summary>
    public decimal? TtlSeconds { get; init; }

    /// <summary>Whether the entry is removed.</summary>
    public bool Delete { get; init; }

    /// <summary>Reads a change.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static EntryChangeBody Read(JsonElement element, string path)
    {
        StrictObject body = StrictObject.Read(element, path, "namespace", "key", "value", "ttlSeconds", "delete");
        bool delete = body.Flag("delete");
        bool hasValue = body.TryGetAny("value", out JsonElement value);
        if (delete == hasValue)
        {
            throw new InvalidRequestException(body.PathOf("value"), "A change of an entry has either a \"value\" or \"delete\": true.");
        }

        string sessionNamespace = body.RequiredText("namespace");
        if (sessionNamespace.Length == 0)
        {
            throw new InvalidRequestException(body.PathOf("namespace"), "A namespace is not empty.");
        }

        return new EntryChangeBody
        {
            Namespace = sessionNamespace,
            Key = body.RequiredText("key"),
            Value = hasValue ? value.GetRawText() : null,
            TtlSeconds = body.Seconds("ttlSeconds") is { } ttl ? (decimal)ttl.Ticks / TimeSpan.TicksPerSecond : null,
            Delete = delete,
        };
    }

    /// <summary>How long it lives.</summary>
    [JsonIgnore]
    public TimeSpan? TimeToLive => TtlSeconds is { } seconds ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
}
