using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// The claim of one run on the approvals that its input answers, so that of several runs with the same approval, in whatever processes, one
/// calls the tool at a time. The others wait until it has ended, and then find what it has stored. A claim is an entry, written where the
/// conversation's version is the one at which there was no other claim; it is durable before the tool is called.
/// </summary>
internal sealed class ApprovalClaim
{
    /// <summary>How long a claim is good when its run neither ends nor fails, because its process has died.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(15);

    /// <summary>The space of claims.</summary>
    public const string Space = EntrySpaces.ToolJournalPrefix + "approvals";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private static readonly AsyncLocal<ApprovalClaim?> CurrentClaim = new();

    private readonly Conversation _conversation;
    private readonly ImmutableArray<string> _keys;
    private readonly ILogger _logger;
    private readonly string _ours;
    private readonly string _owner;

    private ApprovalClaim(Conversation conversation, ImmutableArray<string> keys, ILogger logger)
    {
        _conversation = conversation;
        _keys = keys;
        _logger = logger;

        // A fork has copies of entries: a claim in the conversation that it was made of is none in the fork.
        _ours = "\"" + Hash(conversation.Key.ToString());
        _owner = $"{_ours}:{Guid.NewGuid():N}\"";
    }

    /// <summary>The claim that holds around this code.</summary>
    /// <returns>The claim; <see langword="null"/> when there is none on this conversation.</returns>
    public static ApprovalClaim? HeldOn(ConversationKey conversation) =>
        CurrentClaim.Value is { } held && held._conversation.Key == conversation ? held : null;

    /// <summary>Whether another run had one of the approvals first.</summary>
    public bool HasWaited { get; private set; }

    /// <summary>What ends the claim, for the run's own turn.</summary>
    public IEnumerable<EntryDelete> Deletes => _keys.Select(key => new EntryDelete { Space = Space, Key = key });

    /// <summary>Claims the approvals that an input answers, when no other run has one of them.</summary>
    /// <param name="input">The input. What stands before the model's last word in it was answered before.</param>
    /// <param name="logger">Where it is logged that there is no room for a claim.</param>
    /// <returns>The claim; <see langword="null"/> when there is nothing to claim, or no room for it.</returns>
    public static async Task<ApprovalClaim?> TakeAsync(
        Conversation conversation,
        IReadOnlyList<ChatMessage> input,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<string> keys =
        [
            .. input
                .Reverse()
                .TakeWhile(message => message.Role != ChatRole.Assistant)
                .SelectMany(message => message.Contents)
                .OfType<ToolApprovalResponseContent>()
                .Select(KeyOf)
                .Distinct(StringComparer.Ordinal)
                .Where(key => !IsHeldAround(conversation.Key, key)),
        ];
        if (keys.IsEmpty)
        {
            return null;
        }

        var claim = new ApprovalClaim(conversation, keys, logger);
        try
        {
            return await claim.TakeAsync(cancellationToken) ? claim : null;
        }
        catch
        {
            // It may have been written although no one heard of it.
            await claim.ReleaseAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes the claim the one that holds for the calling async method and all that it calls: a run within does not wait for it.
    /// </summary>
    public void Enter() => CurrentClaim.Value = this;

    /// <summary>Ends the claim of a run that has no turn. A failure is logged: the claim ends by itself.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public async Task ReleaseAsync()
    {
        try
        {
            while (!await TryReleaseAsync()) { }
        }
        catch (ConversationNotFoundException)
        {
            // Nothing is left of it.
        }
        catch (Exception failure)
        {
            RunLog.NotReleased(_logger, failure.GetType().Name);
        }
    }

    private static bool IsHeldAround(ConversationKey conversation, string key) =>
        CurrentClaim.Value is { } held && held._conversation.Key == conversation && held._keys.Contains(key);

    private static string KeyOf(ToolApprovalResponseContent answer) =>
        Hash($"{answer.RequestId.Length}:{answer.RequestId}{answer.ToolCall.CallId}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPause; ;)
        {
            try
            {
                switch (await TryTakeAsync(cancellationToken))
                {
                    case true:
                        return true;
                    case null:
                        return false;
                }
            }
            catch (VersionConflictException)
            {
                // Others wrote something else meanwhile, or another run was first.
                continue;
            }
            catch (ConversationNotFoundException)
            {
                return false;
            }
            catch (Exception failure) when (failure is PayloadTooLargeException or InvalidRequestException)
            {
                RunLog.NotClaimed(_logger, failure.GetType().Name);
                return false;
            }

            HasWaited = true;
            await Task.Delay(pause, _conversation.Time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Tries once.</summary>
    /// <returns>Whether the claim is written; <see langword="null"/> when there is no conversation, and so no one has asked.</returns>
    private async Task<bool?> TryTakeAsync(CancellationToken cancellationToken)
    {
        if (await _conversation.GetHeadAsync(cancellationToken) is not { } head)
        {
            return null;
        }

        if (
            (await _conversation.GetEntriesAsync(Space, cancellationToken)).Any(entry =>
                _keys.Contains(entry.Key) && entry.Value.StartsWith(_ours, StringComparison.Ordinal)
            )
        )
        {
            return false;
        }

        var claim = new Turn
        {
            TurnId = Conversation.NewTurnId(),
            EntryWrites =
            [
                .. _keys.Select(key => new EntryWrite
                {
                    Space = Space,
                    Key = key,
                    Value = _owner,
                    TimeToLive = Age,
                }),
            ],
            MustExist = true,
            ExpectedLife = head.CreatedAt,
            ExpectedVersion = head.Version,
        };
        await _conversation.CommitAsync(claim, cancellationToken);
        return true;
    }

    private async Task<bool> TryReleaseAsync()
    {
        if (await _conversation.GetHeadAsync() is not { } head)
        {
            return true;
        }

        EntryDelete[] own =
        [
            .. (await _conversation.GetEntriesAsync(Space))
                .Where(entry => _keys.Contains(entry.Key) && string.Equals(entry.Value, _owner, StringComparison.Ordinal))
                .Select(entry => new EntryDelete { Space = Space, Key = entry.Key }),
        ];
        if (own.Length == 0)
        {
            return true;
        }

        try
        {
            await _conversation.CommitAsync(
                new Turn
                {
                    TurnId = Conversation.NewTurnId(),
                    EntryDeletes = [.. own],
                    MustExist = true,
                    ExpectedVersion = head.Version,
                },
                CancellationToken.None
            );
            return true;
        }
        catch (VersionConflictException)
        {
            return false;
        }
    }
}
