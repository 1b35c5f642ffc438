using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Client.Transfer;

/// <summary>A conversation of an exported user that is being imported.</summary>
internal sealed class ConversationLines
{
    private static readonly string[] OwnFields = ["id", "expiresAt", "origin"];

    private readonly ConversationClient _client;
    private readonly IConversationGrain _grain;
    private readonly ImportStart _start;
    private readonly ImmutableArray<Message>.Builder _chunk = ImmutableArray.CreateBuilder<Message>();
    private string? _importId;
    private long _expected;
    private long _bytes;

    private ConversationLines(ConversationClient client, ConversationKey key, ImportStart start)
    {
        _client = client;
        _grain = client.Grains.GetGrain<IConversationGrain>(key.ToString());
        _start = start;
        _expected = start.FirstSequence;
    }

    /// <summary>Whether it is there already, or has expired: its messages are read and left out.</summary>
    public bool IsSkipped { get; private init; }

    /// <summary>Whether all messages have been read.</summary>
    public bool IsComplete => _expected == _start.LastSequence + 1;

    /// <summary>How many messages it has.</summary>
    public long Messages => _start.LastSequence - _start.FirstSequence + 1;

    /// <summary>How many entries it has.</summary>
    public long Entries => _start.Entries.Length;

    /// <summary>Begins to import a conversation.</summary>
    /// <param name="user">To whom.</param>
    /// <param name="now">The instant.</param>
    /// <param name="value">What its line says.</param>
    /// <exception cref="InvalidRequestException">The line is not valid.</exception>
    /// <exception cref="ConversationExistsException">Another conversation has its id.</exception>
    public static async Task<ConversationLines> OpenAsync(
        ConversationClient client,
        UserKey user,
        DateTimeOffset now,
        JsonElement value,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, JsonElement> fields = StrictObject.ReadMap(value, UserExportFormat.Conversation);
        StrictObject own = StrictObject.Of(fields, UserExportFormat.Conversation);
        ConversationKey key = ConversationKey.Create(user.Tenant, own.RequiredText("id"));
        DateTimeOffset? expiresAt = own.Instant("expiresAt");
        ImportStart start = ConversationImporter.ToStart(own);
        CheckNames(fields);
        start = start with { Settings = start.Settings with { UserId = user.UserId }, ExpiresAt = expiresAt };
        bool isThere = expiresAt <= now || await IsThereAsync(client.Get(key), start, cancellationToken);
        var lines = new ConversationLines(client, key, start) { IsSkipped = isThere };
        if (!isThere)
        {
            lines._importId = await client.Retry.ExecuteAsync(
                static (state, token) => state._grain.BeginImportAsync(state._start, token),
                lines,
                cancellationToken
            );
            if (lines.IsComplete)
            {
                await lines.CompleteAsync(cancellationToken);
            }
        }

        return lines;
    }

    /// <summary>Adds a message.</summary>
    /// <param name="value">What its line says.</param>
    /// <returns>Whether it was the last one, with which the conversation is there.</returns>
    public async Task<bool> AddAsync(JsonElement value, CancellationToken cancellationToken)
    {
        Message message = ConversationImporter.ToMessage(value, UserExportFormat.Message);
        if (message.Sequence != _expected)
        {
            throw new InvalidRequestException(
                $"{UserExportFormat.Message}.sequence",
                "Sequences run from firstSequence to lastSequence without gaps."
            );
        }

        _expected++;
        if (IsSkipped)
        {
            return IsComplete;
        }

        _chunk.Add(message);
        _bytes += Encoding.UTF8.GetByteCount(message.Contents) + Encoding.UTF8.GetByteCount(message.Metadata ?? "");
        if (IsComplete || _chunk.Count == ExportFormat.ChunkMessages || _bytes >= ExportFormat.ChunkBytes)
        {
            await _client.Retry.ExecuteAsync(
                static async (state, token) =>
                {
                    await state.Grain.AppendImportAsync(state.Id, state.Messages, token);
                    return true;
                },
                (Grain: _grain, Id: _importId!, Messages: _chunk.DrainToImmutable()),
                cancellationToken
            );
            _bytes = 0;
        }

        if (IsComplete)
        {
            await CompleteAsync(cancellationToken);
        }

        return IsComplete;
    }

    private static void CheckNames(Dictionary<string, JsonElement> fields)
    {
        foreach (string name in fields.Keys)
        {
            if (!ConversationImporter.IsHeaderField(name) && !OwnFields.Contains(name, StringComparer.Ordinal))
            {
                throw new InvalidRequestException(
                    $"{UserExportFormat.Conversation}.{name}",
                    "This field is not known in an exported conversation."
                );
            }
        }
    }

    // An earlier import of the same file may have got further.
    private static async Task<bool> IsThereAsync(Conversation conversation, ImportStart start, CancellationToken cancellationToken)
    {
        if (await conversation.GetHeadAsync(cancellationToken) is not { } head)
        {
            return false;
        }

        bool isSame =
            string.Equals(head.Settings.UserId, start.Settings.UserId, StringComparison.Ordinal)
            && head.FirstSequence == start.FirstSequence
            && head.LastSequence == start.LastSequence;
        return isSame ? true : throw new ConversationExistsException(head.Key);
    }

    private Task<Head> CompleteAsync(CancellationToken cancellationToken) =>
        _client.Retry.ExecuteAsync(
            static (state, token) => state._grain.CompleteImportAsync(state._importId!, token),
            this,
            cancellationToken
        );
}
