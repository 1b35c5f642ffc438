using System.Text;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>The turns of one conversation as bytes: the same message each time, under a new turn id.</summary>
/// <param name="port">The silo's port.</param>
/// <param name="conversation">The conversation's id.</param>
/// <param name="messages">How many messages each appends.</param>
/// <param name="key">The API key; <see langword="null"/> where none is needed.</param>
internal sealed class RawTurn(int port, string conversation, int messages = 1, string? key = null)
{
    /// <summary>The header of the turn id.</summary>
    public const string IdHeader = "Idempotency-Key: ";

    private readonly byte[] _request = RawRequests.Turn(port, conversation, messages, key);
    private int _idAt = -1;

    /// <summary>The next turn.</summary>
    /// <returns>The request; the one before it is overwritten.</returns>
    public ReadOnlyMemory<byte> Next()
    {
        if (_idAt < 0)
        {
            _idAt = _request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(IdHeader)) + IdHeader.Length;
        }

        Guid.NewGuid().TryFormat(_request.AsSpan(_idAt), out _, "N");
        return _request;
    }
}
