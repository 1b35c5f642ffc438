using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

// A run whose model is called by somebody else: it is told what there is before, and tells what was said afterwards.
internal sealed partial class RunSession
{
    private bool _isFingerprinted;

    /// <summary>
    /// Whether a turn of the run's id and input was committed before this run's own, so that its answer is not the stored one.
    /// </summary>
    public bool WasCommittedBefore { get; private set; }

    /// <summary>Whether the run's turn was found committed when it was looked for.</summary>
    public bool IsRepeated => _committed is not null;

    /// <summary>Makes a run of an agent.</summary>
    /// <param name="services">What runs share.</param>
    /// <param name="context">What else the model is sent, which only counts.</param>
    /// <param name="turnId">The run's turn id; <see langword="null"/> for a new one, which no one can repeat.</param>
    public static RunSession OfAgent(
        RunServices services,
        Conversation conversation,
        IReadOnlyList<ChatMessage> input,
        IReadOnlyList<ChatMessage> context,
        string? turnId
    ) => new(services, conversation, (input, context), options: null, turnId) { _isFingerprinted = turnId is not null };

    /// <summary>Reads what a model is to be sent before and with the input.</summary>
    /// <returns>The history and the input, in order, and of each message whether it is stored. The context is not among them.</returns>
    public async Task<IReadOnlyList<(ChatMessage Message, bool IsStored)>> LoadHistoryAsync(CancellationToken cancellationToken)
    {
        Run.Claim = ApprovalClaim.HeldOn(_conversation.Key);
        (IEnumerable<ChatMessage> history, _) = await LoadAsync(cancellationToken);
        return
        [
            .. history.Select(message => (message, true)),
            .. _window.Asked.Select((message, i) => (message, _window.AskedIsStored[i])),
        ];
    }

    /// <summary>What a run fails with whose answer is not the one that its turn was committed with.</summary>
    public TurnConflictException ConflictOf() => new(Run.TurnId, _committed?.Version ?? 0);

    /// <summary>Remembers the messages of an answer, as objects, beside the copies that were stored.</summary>
    /// <param name="messages">The messages, as they were committed.</param>
    public void Know(IReadOnlyList<ChatMessage> messages)
    {
        if (_receipt is { FirstSequence: { } first } receipt && !WasCommittedBefore)
        {
            _services.Client.Kept<StoredMarks>().Add(_conversation.Key, receipt with { FirstSequence = first + _stored.Length }, messages);
        }
    }

    /// <summary>
    /// What tells this input from others, so that a run that comes again is known whatever the model says then. Of tool results only the
    /// answered calls count: a tool that is called again may say something else.
    /// </summary>
    private string FingerprintOfInput()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < _stored.Length; i++)
        {
            NewMessage message = _stored[i];
            string?[] said =
                _input[i].Role == ChatRole.Tool
                    ? [.. ToolUse.In(_input[i].Contents).Select(use => use.Id)]
                    : [message.Contents, message.Metadata];
            foreach (string? part in (string?[])[message.Role, message.Author, message.Id, .. said, null])
            {
                byte[] bytes = Encoding.UTF8.GetBytes(part ?? string.Empty);
                hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
                hash.AppendData(bytes);
            }
        }

        return "run " + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
