using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// Ids of conversations and items. A message that holds one item has the item's id. The items of a message that came through another API
/// and holds several, or one whose kind its id does not tell, have ids made of their place and the message's id: a model's API takes an
/// item back only under an id that begins as its kind demands.
/// </summary>
internal static partial class ItemIds
{
    private const int RandomBytes = 24;
    private const string Unknown = "item";

    private static readonly FrozenDictionary<string, string> Prefixes = new Dictionary<string, string>
    {
        [ItemTypes.Message] = "msg",
        [ItemTypes.FunctionCall] = "fc",
        [ItemTypes.FunctionCallOutput] = "fco",
        [ItemTypes.Reasoning] = "rs",
        [ItemTypes.ImageGenerationCall] = "ig",
        ["file_search_call"] = "fs",
        ["web_search_call"] = "ws",
        ["computer_call"] = "cu",
        ["computer_call_output"] = "cuo",
        ["code_interpreter_call"] = "ci",
        ["custom_tool_call"] = "ctc",
        ["custom_tool_call_output"] = "ctco",
        ["mcp_call"] = "mcp",
        ["mcp_list_tools"] = "mcpl",
        ["mcp_approval_request"] = "mcpr",
    }.ToFrozenDictionary();

    /// <summary>A new conversation's id.</summary>
    public static string NewConversation() => "conv_" + Random();

    /// <summary>The id of the conversation that a key creates: the same one each time it is sent.</summary>
    /// <param name="user">The user who is named with it; <see langword="null"/> for none.</param>
    public static string ConversationOf(string idempotencyKey, string? user)
    {
        string named = FormattableString.Invariant($"{user?.Length ?? -1}:{user}{idempotencyKey}");
        return "conv_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(named)).AsSpan(0, RandomBytes));
    }

    /// <summary>A new item's id.</summary>
    public static string New(string type) => $"{PrefixOf(type)}_{Random()}";

    /// <summary>The id of an item within a message that another API wrote.</summary>
    /// <param name="type">The item's type.</param>
    /// <param name="index">Its place among the items of the message, from 0.</param>
    /// <param name="count">How many items the message holds.</param>
    /// <param name="isFirstMessage">Whether it is the first item of type message among them.</param>
    /// <param name="messageId">The message's id.</param>
    public static string Within(string type, int index, int count, bool isFirstMessage, string messageId) =>
        isFirstMessage || (count == 1 && messageId.StartsWith(PrefixOf(type) + "_", StringComparison.Ordinal))
            ? messageId
            : string.Create(CultureInfo.InvariantCulture, $"{PrefixOf(type)}_{index}_{messageId}");

    /// <summary>The message that an id of <see cref="Within"/> names.</summary>
    /// <returns>The message's id; <see langword="null"/> when the id is no such id.</returns>
    public static string? MessageOf(string itemId) =>
        WithinMessage().Match(itemId) is { Success: true } match ? match.Groups["message"].Value : null;

    private static string PrefixOf(string type) => Prefixes.GetValueOrDefault(type, Unknown);

    private static string Random() => RandomNumberGenerator.GetHexString(2 * RandomBytes, lowercase: true);

    [GeneratedRegex(
        @"\A[a-z]{2,4}_[0-9]{1,6}_(?<message>.+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex WithinMessage();
}
