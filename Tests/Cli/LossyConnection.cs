namespace OrleansMemory.Tests.Cli;

/// <summary>
/// A connection that is lost: after a number of bytes of bodies, sent or received, and of requests. What it had been told until then has
/// arrived.
/// </summary>
/// <param name="isLost">Told each request and each piece of a body; whether the connection is lost at it.</param>
internal sealed class LossyConnection(HttpMessageHandler inner, Func<int, bool> isLost) : DelegatingHandler(inner)
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ThrowIfUnreachable();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);

        // The silo has done it, and no one is told.
        ThrowIfUnreachable();
        var content = new StreamContent(new Piecewise(await response.Content.ReadAsStreamAsync(cancellationToken), ThrowIfLost));
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = content;
        return response;
    }

    private void ThrowIfUnreachable()
    {
        if (isLost(1))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "There is no connection.");
        }
    }

    private void ThrowIfLost(int bytes)
    {
        if (isLost(bytes))
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection is lost.");
        }
    }

    private sealed class Piecewise(Stream inner, Action<int> throwIfLost) : Stream
    {
        private const int MostBytes = 97;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, MostBytes)], cancellationToken);
            throwIfLost(count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
