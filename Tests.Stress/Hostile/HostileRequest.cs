using System.Text;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>A request, byte for byte.</summary>
internal sealed record HostileRequest
{
    /// <summary>The operation that it is meant for.</summary>
    public required Operation Operation { get; init; }

    /// <summary>Its method, as it is written.</summary>
    public required string Method { get; init; }

    /// <summary>The request line and the headers.</summary>
    public required byte[] Head { get; init; }

    /// <summary>What follows them.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>Whether its path and method are the operation's and it has a key: then the answer is one of the documented ones.</summary>
    public bool IsOfOperation { get; init; }

    /// <summary>Whether it is no proper HTTP, so that the server may answer by itself and close the connection.</summary>
    public bool IsOddHttp { get; init; }

    /// <summary>Whether the connection is closed without waiting for an answer: what was announced does not come.</summary>
    public bool IsAbandoned { get; init; }

    /// <summary>Whether it is sent in small pieces.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Its beginning, for people.</summary>
    public override string ToString()
    {
        string head = Encoding.Latin1.GetString(Head.AsSpan(0, Math.Min(Head.Length, 600)));
        string body = Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, 600)));
        return new StringBuilder()
            .Append(head.Replace("\r\n", "\n    ", StringComparison.Ordinal).TrimEnd())
            .Append("\n    ")
            .Append(body)
            .Append(Body.Length > 600 ? FormattableString.Invariant($"… ({Body.Length} bytes)") : "")
            .ToString();
    }
}
