using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// The results of the tools of one run, or of one loop outside, kept under its turn id until its turn is committed. May be used by several
/// calls at once.
/// </summary>
/// <param name="turnId">The run's turn id.</param>
/// <param name="services">What runs share.</param>
/// <param name="loop">The loop outside; <see langword="null"/> for the tools of a run.</param>
internal sealed class ToolJournal(Conversation conversation, string turnId, RunServices services, ToolLoop? loop = null)
{
    // As long as turn ids are kept by default: a run that is sent again later is another one.
    private static readonly TimeSpan TimeToLive = TimeSpan.FromDays(1);

    private readonly string _space = EntrySpaces.ToolJournalPrefix + Hash(loop is null ? turnId : "loop\n" + turnId);
    private readonly ToolResultFormat _format = new(services.Client.Format);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _calls = new(StringComparer.Ordinal);
    private bool _isInUse;

    /// <summary>The space that the run's turn empties; <see langword="null"/> when the run has no tool with a journal.</summary>
    public string? Space
    {
        get
        {
            lock (_lock)
            {
                return _isInUse ? _space : null;
            }
        }
    }

    /// <summary>Says which tools the run has: one with a journal may have left something when the run was made before.</summary>
    public void Offer(IEnumerable<AITool> tools)
    {
        if (tools.Any(tool => tool.GetService<JournalledFunction>() is not null))
        {
            Use();
        }
    }

    /// <summary>Calls a tool, unless the run was made before and the same call has a result.</summary>
    /// <param name="cancellationToken">Ends the call; once the tool has finished, its result is written all the same.</param>
    public async ValueTask<object?> InvokeAsync(AIFunction tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        Use();
        if (_format.Name(tool.Name, arguments) is not { } call)
        {
            RunLog.NotJournalled(services.Logger, nameof(AIFunctionArguments));
            return await tool.InvokeAsync(arguments, cancellationToken);
        }

        int number = NextNumber(call);
        string key = FormattableString.Invariant($"{call}:{number}");
        return await services
            .Client.Kept<KeyedLocks>()
            .RunAsync(
                $"{conversation.Key}\n{_space}\n{key}",
                () => CallAsync(call, number, key, tool, arguments, cancellationToken),
                cancellationToken
            );
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private async Task<object?> CallAsync(
        string call,
        int number,
        string key,
        AIFunction tool,
        AIFunctionArguments arguments,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(key, cancellationToken) is { } written)
        {
            return _format.Read(written);
        }

        if (loop is not null)
        {
            // In this order: the turn that stores a result removes it from the journal.
            if (await FindStoredAsync(call, number, cancellationToken) is { } stored)
            {
                return stored.Result;
            }
        }
        else if (await conversation.GetTurnAsync(turnId, cancellationToken) is { } committed)
        {
            // Another run under the same id was committed while this one was on its way, and its turn has removed the journal.
            throw new TurnConflictException(turnId, committed.Version);
        }

        object? result = await tool.InvokeAsync(arguments, cancellationToken);
        return await KeepAsync(key, result) is { } earlier ? _format.Read(earlier) : result;
    }

    private async Task<FunctionResultContent?> FindStoredAsync(string call, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await loop!.FindResultAsync(call, number, cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            return null;
        }
    }

    private async Task<string?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await conversation.GetEntryAsync(_space, key, cancellationToken))?.Value;
        }
        catch (ConversationNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes a result.</summary>
    /// <returns>The result that another run wrote before this one; <see langword="null"/> when there was none.</returns>
    private async Task<string?> KeepAsync(string key, object? result)
    {
        try
        {
            if (_format.Write(result) is not { } json)
            {
                RunLog.NotJournalled(services.Logger, result!.GetType().Name);
                return null;
            }

            var write = new EntryWrite
            {
                Space = _space,
                Key = key,
                Value = json,
                TimeToLive = TimeToLive,
            };
            var turn = new Turn
            {
                TurnId = $"journal_{Hash($"{_space}\n{key}")}",
                EntryWrites = [write],
                MustExist = loop is not null,
            };
            await conversation.CommitAsync(turn, CancellationToken.None);
            return null;
        }
        catch (TurnConflictException)
        {
            return await FindAsync(key, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The tool has done its work: its result is not lost because it cannot be kept.
            RunLog.NotJournalled(services.Logger, failure.GetType().Name);
            return null;
        }
    }

    private int NextNumber(string call)
    {
        lock (_lock)
        {
            return _calls[call] = _calls.GetValueOrDefault(call) + 1;
        }
    }

    private void Use()
    {
        lock (_lock)
        {
            _isInUse = true;
        }
    }
}
