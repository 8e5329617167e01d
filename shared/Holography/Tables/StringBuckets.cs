using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>
/// The string buckets of a StandardStMan: four words of header (free list, bytes used, bytes deleted, next bucket; always big
/// endian), then characters. A string may go on in the next bucket.
/// </summary>
sealed class StringBuckets(StorageFile file, int bucketSize)
{
    const int FileHeaderSize = 512, BucketHeaderSize = 16, MaximumDimensions = 64;

    public string Text(int bucket, int offset, int length) => new Cursor(this, bucket, offset).ReadText(length);

    public long[] Shape(int bucket, int offset) => ReadShape(new Cursor(this, bucket, offset));

    /// <summary>The strings of an array; where <paramref name="count"/> is null the shape and a flag whether it is filled precede them.</summary>
    public string[] Array(int bucket, int offset, long? count)
    {
        var cursor = new Cursor(this, bucket, offset);
        long number = count ?? Shapes.Product(ReadShape(cursor));
        bool filled = count is not null || cursor.ReadInt() != 0;
        if (number < 0 || number > file.Length)
            throw cursor.Corrupt($"an array of {number} strings");
        var texts = new string[number];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = filled ? cursor.ReadText(cursor.ReadInt()) : "";
        return texts;
    }

    static long[] ReadShape(Cursor cursor)
    {
        int dimensions = cursor.ReadInt();
        if (dimensions is < 0 or > MaximumDimensions)
            throw cursor.Corrupt($"an array of {dimensions} axes");
        var shape = new long[dimensions];
        for (int i = 0; i < dimensions; i++)
            shape[i] = cursor.ReadInt();
        return shape.All(length => length >= 0) ? shape : throw cursor.Corrupt($"an array of shape {Shapes.Text(shape)}");
    }

    sealed class Cursor(StringBuckets buckets, int bucket, int offset)
    {
        int _bucket = bucket;
        int _offset = offset;
        byte[] _bytes = buckets.Load(bucket);

        public TableFormatException Corrupt(string problem) => buckets.Corrupt(_bucket, problem);

        public int ReadInt() => ByteOrder.BigEndian.ReadInt(ReadBytes(4));

        public string ReadText(int length) => Encoding.UTF8.GetString(ReadBytes(length));

        byte[] ReadBytes(int length)
        {
            if (length < 0 || length > buckets.FileLength)
                throw Corrupt($"a string of {length} bytes");
            var result = new byte[length];
            int filled = 0;
            while (filled < length)
            {
                int used = ByteOrder.BigEndian.ReadInt(_bytes.AsSpan(4));
                if (used < 0 || used > _bytes.Length - BucketHeaderSize || _offset < 0 || _offset > used)
                    throw Corrupt($"a string bucket with {used} bytes used, read from {_offset}");
                int count = Math.Min(length - filled, used - _offset);
                _bytes.AsSpan(BucketHeaderSize + _offset, count).CopyTo(result.AsSpan(filled));
                filled += count;
                _offset += count;
                if (filled == length)
                    break;
                int next = ByteOrder.BigEndian.ReadInt(_bytes.AsSpan(12));
                if (next < 0 || count == 0 && _offset == 0)
                    throw Corrupt("a string that ends in the middle");
                (_bucket, _offset, _bytes) = (next, 0, buckets.Load(next));
            }
            return result;
        }
    }

    long FileLength => file.Length;

    byte[] Load(int bucket) => file.ReadBytes(FileHeaderSize + (bucket * (long)bucketSize), bucketSize);

    TableFormatException Corrupt(int bucket, string problem) =>
        TableFormatException.At(file.Path, FileHeaderSize + (bucket * (long)bucketSize), $"corrupt: {problem}");
}
