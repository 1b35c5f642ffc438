using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

/// <summary>
/// Turns Microsoft.Extensions.AI chat messages into stored messages and back. Every content and every text survives exactly.
/// </summary>
/// <remarks>
/// Roles are stored in lower case, as they are compared without regard to case; <c>developer</c> is stored as <c>system</c>, with the role
/// beside it (<see cref="OriginalRoleProperty"/>). Numbers that JSON lacks (NaN, the infinities) are stored as texts. Texts keep U+0000,
/// characters outside the basic plane and surrogates without a partner. <c>RawRepresentation</c> is not stored, as in
/// Microsoft.Extensions.AI's own JSON. Extra properties come back as <see cref="JsonElement"/>, and so do tool results, but for results
/// that are a content or a list of contents: these come back as such. What comes back was written by users and models: treat it as
/// untrusted.
/// </remarks>
public sealed partial class ChatMessageFormat
{
    /// <summary>
    /// The extra property of a stored message that holds the id it came with (its first 1,024 characters), where that could not be its id.
    /// </summary>
    public const string OriginalIdProperty = "OrleansMemory.OriginalId";

    /// <summary>
    /// The extra property of a stored message that holds the role it came with, where that is none of the roles that are stored.
    /// </summary>
    public const string OriginalRoleProperty = "OrleansMemory.OriginalRole";

    /// <summary>The extra property of a stored message that holds the author's name it came with (its first 1,024 characters), where that
    /// could not be stored.</summary>
    public const string OriginalAuthorProperty = "OrleansMemory.OriginalAuthor";

    /// <summary>
    /// The extra property of a stored content that stands in the place of another one: the full name of the other one's type.
    /// </summary>
    public const string PlaceholderProperty = "OrleansMemory.Placeholder";

    private const string EmptyContents = "[]";

    private readonly JsonTypeInfo<IList<AIContent>> _contents;
    private readonly JsonTypeInfo<AdditionalPropertiesDictionary> _properties;

    /// <summary>Makes a format.</summary>
    /// <param name="options">
    /// The serializer options that know every content type in use; <see langword="null"/> takes
    /// <see cref="AIJsonUtilities.DefaultOptions"/>.
    /// </param>
    public ChatMessageFormat(JsonSerializerOptions? options = null)
    {
        Options = new JsonSerializerOptions(options ?? AIJsonUtilities.DefaultOptions)
        {
            WriteIndented = false,
            AllowOutOfOrderMetadataProperties = true,
            Encoder = LoneSurrogateEncoder.Instance,
        };
        Options.NumberHandling |= JsonNumberHandling.AllowNamedFloatingPointLiterals;
        Options.Converters.Insert(0, new ExactStringConverter());
        Options.Converters.Insert(1, new ExactElementConverter());
        Options.Converters.Insert(2, new ExactMapConverter<IDictionary<string, object?>, Dictionary<string, object?>>());
        Options.Converters.Insert(3, new ExactMapConverter<AdditionalPropertiesDictionary, AdditionalPropertiesDictionary>());
        ToolResultConverter.AddTo(Options);
        Options.MakeReadOnly();
        _contents = (JsonTypeInfo<IList<AIContent>>)Options.GetTypeInfo(typeof(IList<AIContent>));
        _properties = (JsonTypeInfo<AdditionalPropertiesDictionary>)Options.GetTypeInfo(typeof(AdditionalPropertiesDictionary));
        Contents = new ContentsJson(Options);
    }

    /// <summary>The format of Microsoft.Extensions.AI's own content types.</summary>
    public static ChatMessageFormat Default { get; } = new();

    /// <summary>The options that contents are read and written with. They are read-only.</summary>
    public JsonSerializerOptions Options { get; }

    /// <summary>Contents that come as JSON.</summary>
    internal ContentsJson Contents { get; }

    /// <summary>Makes a message to append.</summary>
    /// <param name="message">The chat message.</param>
    /// <returns>The message to append. Without <see cref="ChatMessage.CreatedAt"/> it gets the instant of the commit.</returns>
    /// <exception cref="InvalidRequestException">A content is of a type that the options do not know, or cannot be written.</exception>
    /// <exception cref="JsonTooDeepException">
    /// A content or the extra properties are nested deeper than 64 levels, or refer to themselves.
    /// </exception>
    public NewMessage ToNewMessage(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Contents.Any(content => content is null || content.GetType() == typeof(AIContent)))
        {
            throw new InvalidRequestException("contents", "A content has no type of its own: only its provider could write it.");
        }

        (string role, string? original) = StoredRole(message.Role);
        try
        {
            return new NewMessage
            {
                Id = string.IsNullOrEmpty(message.MessageId) ? null : message.MessageId,
                Role = role,
                Author = message.AuthorName,
                Contents = message.Contents is { Count: > 0 } contents ? JsonSerializer.Serialize(contents, _contents) : EmptyContents,
                Metadata = WriteProperties(message.AdditionalProperties, original),
                Created = message.CreatedAt,
            };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Properties of foreign types may throw anything.
            MemoryException? tooDeep = failure is JsonException or InvalidOperationException ? FindTooDeep(message) : null;
            throw tooDeep
                ?? new InvalidRequestException(
                    "contents",
                    "A content or an extra property cannot be written by the serializer options. Register its type with them."
                );
        }
    }

    /// <summary>
    /// Whether a message could not be written because it is nested too deep, or refers to itself: then the serializer gives up at the same
    /// place.
    /// </summary>
    private JsonTooDeepException? FindTooDeep(ChatMessage message)
    {
        var options = new JsonSerializerOptions(Options) { MaxDepth = JsonDepth.MaxWritten };
        try
        {
            byte[] contents = JsonSerializer.SerializeToUtf8Bytes(message.Contents, options.GetTypeInfo(typeof(IList<AIContent>)));
            byte[] properties = JsonSerializer.SerializeToUtf8Bytes(
                message.AdditionalProperties,
                options.GetTypeInfo(typeof(AdditionalPropertiesDictionary))
            );
            return JsonTooDeepException.Find(contents, "contents", JsonDepth.MaxStored)
                ?? JsonTooDeepException.Find(properties, "additionalProperties", JsonDepth.MaxStored);
        }
        catch (JsonException)
        {
            return new JsonTooDeepException("contents", JsonDepth.MaxWritten + 1, JsonDepth.MaxStored);
        }
        catch (Exception failure) when (failure is NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Makes messages to append.</summary>
    /// <param name="messages">The chat messages.</param>
    /// <returns>The messages to append, in the same order.</returns>
    /// <exception cref="InvalidRequestException">A content is of a type that the options do not know, or cannot be written.</exception>
    public ImmutableArray<NewMessage> ToNewMessages(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return [.. messages.Select(ToNewMessage)];
    }

    /// <summary>Makes a chat message of a stored one.</summary>
    /// <param name="message">The stored message.</param>
    /// <returns>The chat message.</returns>
    /// <exception cref="UnreadableMessageException">
    /// Its contents are of a type that the options do not know, or are not what their type demands.
    /// </exception>
    public ChatMessage ToChatMessage(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        try
        {
            return new ChatMessage(new ChatRole(message.Role), JsonSerializer.Deserialize(message.Contents, _contents))
            {
                MessageId = message.Id,
                AuthorName = message.Author,
                CreatedAt = message.Created,
                AdditionalProperties = message.Metadata is null ? null : JsonSerializer.Deserialize(message.Metadata, _properties),
            };
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The constructors of contents check what they are given, and throw what they like.
            throw new UnreadableMessageException(message.Sequence, failure);
        }
    }
}
