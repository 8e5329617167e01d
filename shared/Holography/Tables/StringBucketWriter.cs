using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>Fills string buckets (see <see cref="StringBuckets"/>) one after the other.</summary>
sealed class StringBucketWriter(int bucketSize, Func<int> newBucket, Action<int, byte[]> write)
{
    const int HeaderSize = 16;
    byte[]? _bucket;
    int _used;

    /// <summary>The bucket that strings go to now, or -1.</summary>
    public int LastBucket { get; private set; } = -1;

    int Capacity => bucketSize - HeaderSize;

    public (int Bucket, int Offset, int Length) Append(ReadOnlySpan<byte> text)
    {
        (int bucket, int offset) = Start();
        Put(text);
        return (bucket, offset, text.Length);
    }

    /// <summary>Appends an array of strings; where <paramref name="shape"/> is given it goes before them with the mark that they are there.</summary>
    public (int Bucket, int Offset, int Length) AppendArray(IReadOnlyList<long>? shape, IReadOnlyList<string> values)
    {
        (int bucket, int offset) = Start();
        int length = 0;
        if (shape is not null)
        {
            length += PutInt(shape.Count);
            foreach (long axis in shape)
                length += PutInt((int)axis);
            length += PutInt(1);
        }
        foreach (string value in values)
        {
            byte[] text = Encoding.UTF8.GetBytes(value);
            length += PutInt(text.Length) + text.Length;
            Put(text);
        }
        return (bucket, offset, length);
    }

    public void Flush() => Close(next: -1);

    (int Bucket, int Offset) Start()
    {
        if (_bucket is null || _used == Capacity)
        {
            Close(next: -1);
            Open(newBucket());
        }
        return (LastBucket, _used);
    }

    int PutInt(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        ByteOrder.BigEndian.WriteInt(bytes, value);
        Put(bytes);
        return 4;
    }

    void Put(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == Capacity)
            {
                int next = newBucket();
                Close(next);
                Open(next);
            }
            int count = Math.Min(bytes.Length, Capacity - _used);
            bytes[..count].CopyTo(_bucket.AsSpan(HeaderSize + _used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    void Open(int number)
    {
        LastBucket = number;
        _bucket = new byte[bucketSize];
        _used = 0;
    }

    void Close(int next)
    {
        if (_bucket is null)
            return;
        ByteOrder.BigEndian.WriteInt(_bucket.AsSpan(4), _used);
        ByteOrder.BigEndian.WriteInt(_bucket.AsSpan(8), Capacity - _used);
        ByteOrder.BigEndian.WriteInt(_bucket.AsSpan(12), next);
        write(LastBucket, _bucket);
    }
}
