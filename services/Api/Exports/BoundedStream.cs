namespace Holoflow.Api.Exports;

/// <summary>Reads another stream up to a number of bytes, and refuses to go on after that.</summary>
sealed class BoundedStream(Stream inner, long most) : Stream
{
    long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int Count(int read)
    {
        _read += read;
        return _read <= most ? read : throw new ArchiveRefusedException($"it would unpack to more than {RunArchive.MostTimesLarger} times its size, as no export does");
    }
}

/// <summary>An archive that is none of a run, or damaged; the message is for the one who sent it.</summary>
sealed class ArchiveRefusedException(string reason) : Exception(reason);
