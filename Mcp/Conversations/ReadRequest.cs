using System.Globalization;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Mcp.Conversations;

/// <summary>Which messages of a conversation to read.</summary>
internal sealed record ReadRequest(string ConversationId)
{
    /// <summary>The word for the newest message first.</summary>
    public const string NewestFirst = "newest_first";

    private const string OldestFirst = "oldest_first";
    private const int MaxLimit = 200;
    private const int DefaultLimit = 50;

    /// <summary>Whether the oldest message comes first.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>How many messages at most.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>Only messages with a greater sequence; <see langword="null"/> sets no lower bound.</summary>
    public long? After { get; init; }

    /// <summary>Only messages with a smaller sequence; <see langword="null"/> sets no upper bound.</summary>
    public long? Before { get; init; }

    /// <summary>Where to go on; <see langword="null"/> for the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>What a cursor is good for.</summary>
    public string?[] Conditions => [ConversationId, IsOldestFirst ? OldestFirst : NewestFirst, Text(After), Text(Before)];

    /// <summary>Reads the arguments of a tool.</summary>
    /// <exception cref="InvalidRequestException">An argument is not valid.</exception>
    public static ReadRequest Of(StrictObject arguments) =>
        new(arguments.RequiredText("conversationId"))
        {
            IsOldestFirst = arguments.Text("order") switch
            {
                null or NewestFirst => false,
                OldestFirst => true,
                _ => throw new InvalidRequestException("order", $"An order is {NewestFirst} or {OldestFirst}."),
            },
            Limit = Arguments.Limit(arguments, MaxLimit) ?? DefaultLimit,
            After = Bound(arguments, "after", 0),
            Before = Bound(arguments, "before", 1),
            Cursor = arguments.Text("cursor"),
        };

    private static long? Bound(StrictObject arguments, string name, long least) =>
        arguments.Integer(name) is not { } bound || bound >= least
            ? arguments.Integer(name)
            : throw new InvalidRequestException(
                name,
                string.Create(CultureInfo.InvariantCulture, $"A whole number from {least} is expected here.")
            );

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
