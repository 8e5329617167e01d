namespace Holoflow.Api.Tests.Fixture;

/// <summary>Breaks each stream after a number of bytes that grows from one connection to the next.</summary>
sealed class BreakingHandler(int first, int step) : DelegatingHandler(new SocketsHttpHandler())
{
    int _streams;

    public int Broken { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            var after = first + (step * Interlocked.Increment(ref _streams));
            var content = new StreamContent(new BreakingStream(await response.Content.ReadAsStreamAsync(cancellationToken), after, () => Broken++));
            content.Headers.ContentType = response.Content.Headers.ContentType;
            response.Content = content;
        }

        return response;
    }

    sealed class BreakingStream(Stream inner, int after, Action broken) : Stream
    {
        int _left = after;

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
            if (_left <= 0)
            {
                broken();
                throw new IOException("the connection broke");
            }

            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
