using System.Security.Cryptography;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// The runs whose answers a service makes in the background, by the tokens that ask for them: what a run's input was, and what came of its
/// answer, is needed when the token is gone. They are held in this process, and only so many; a poll whose run is not known commits the
/// answer with the input that the poll brings.
/// </summary>
internal sealed class BackgroundRuns
{
    /// <summary>How many runs are held: the ones that began last.</summary>
    public const int MostRuns = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(ConversationKey Conversation, string Token), Place> _places = [];
    private readonly Queue<RunSession> _order = new();
    private readonly Dictionary<RunSession, List<(ConversationKey Conversation, string Token)>> _tokens = [];

    /// <summary>A short name of a token.</summary>
    /// <returns>32 hexadecimal digits.</returns>
    public static string NameOf(ResponseContinuationToken token) =>
        Convert.ToHexStringLower(SHA256.HashData(token.ToBytes().Span).AsSpan(0, 16));

    /// <summary>Remembers that a token asks for the rest of a run.</summary>
    /// <param name="updates">The updates of the run's stream.</param>
    /// <param name="count">How many of them had come with the token.</param>
    public void Keep(
        ConversationKey conversation,
        ResponseContinuationToken token,
        RunSession session,
        IReadOnlyList<ChatResponseUpdate> updates,
        int count
    )
    {
        (ConversationKey Conversation, string Token) name = (conversation, NameOf(token));
        lock (_lock)
        {
            if (!_tokens.TryGetValue(session, out List<(ConversationKey Conversation, string Token)>? tokens))
            {
                _tokens[session] = tokens = [];
                _order.Enqueue(session);
                Trim();
            }

            tokens.Add(name);
            _places[name] = new Place(session, updates, count);
        }
    }

    /// <summary>Finds the run that a token asks for.</summary>
    /// <returns>The run, and the updates that had come with the token; <see langword="null"/> when it is not known.</returns>
    public (RunSession Session, IReadOnlyList<ChatResponseUpdate> Updates)? Find(
        ConversationKey conversation,
        ResponseContinuationToken token
    )
    {
        lock (_lock)
        {
            return _places.TryGetValue((conversation, NameOf(token)), out Place? place)
                ? (place.Session, [.. place.Updates.Take(place.Count)])
                : null;
        }
    }

    private void Trim()
    {
        while (_order.Count > MostRuns)
        {
            RunSession oldest = _order.Dequeue();
            _tokens.Remove(oldest, out List<(ConversationKey Conversation, string Token)>? tokens);
            foreach ((ConversationKey Conversation, string Token) token in tokens ?? [])
            {
                if (_places.TryGetValue(token, out Place? place) && ReferenceEquals(place.Session, oldest))
                {
                    _places.Remove(token);
                }
            }
        }
    }

    private sealed record Place(RunSession Session, IReadOnlyList<ChatResponseUpdate> Updates, int Count);
}
