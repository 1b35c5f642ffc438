using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api.Bodies;

/// <summary>
/// A body that was read as JSON. Its bytes stay where they are until it is disposed: in the connection's buffer, or in one of its own.
/// </summary>
internal sealed class RequestJson : IDisposable
{
    private readonly JsonDocument _document;
    private readonly PipeReader? _pipe;
    private readonly SequencePosition _end;
    private readonly GatheredBody? _gathered;

    private RequestJson(JsonDocument document, PipeReader? pipe, SequencePosition end, GatheredBody? gathered)
    {
        _document = document;
        _pipe = pipe;
        _end = end;
        _gathered = gathered;
    }

    /// <summary>The value.</summary>
    public JsonElement RootElement => _document.RootElement;

    /// <summary>Reads a body that lies whole in the connection's buffer.</summary>
    /// <param name="buffer">All of it, in one segment.</param>
    /// <param name="maxBytes">How long it may be.</param>
    /// <exception cref="PayloadTooLargeException">It is too long.</exception>
    /// <exception cref="MalformedJsonException">It is not valid JSON in UTF-8.</exception>
    /// <exception cref="JsonTooDeepException">It is nested too deep.</exception>
    public static RequestJson Of(PipeReader pipe, ReadOnlySequence<byte> buffer, long maxBytes)
    {
        try
        {
            return buffer.Length <= maxBytes
                ? new RequestJson(Parse(buffer.First), pipe, buffer.End, null)
                : throw new PayloadTooLargeException("body", buffer.Length, maxBytes, "bytes");
        }
        catch
        {
            pipe.AdvanceTo(buffer.End);
            throw;
        }
    }

    /// <summary>Reads a body that was gathered.</summary>
    /// <param name="body">All of it; disposed with the value.</param>
    /// <exception cref="MalformedJsonException">It is not valid JSON in UTF-8.</exception>
    /// <exception cref="JsonTooDeepException">It is nested too deep.</exception>
    public static RequestJson Of(GatheredBody body) => new(Parse(body.Written), null, default, body);

    /// <inheritdoc />
    public void Dispose()
    {
        _document.Dispose();
        _gathered?.Dispose();
        _pipe?.AdvanceTo(_end);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new MalformedJsonException(null, null);
        }

        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = JsonScan.MaxDepth });
        }
        catch (JsonException failure)
        {
            throw JsonScan.Explain(bytes.Span, failure);
        }
    }
}
