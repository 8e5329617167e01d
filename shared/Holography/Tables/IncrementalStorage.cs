using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>Reads IncrementalStMan: buckets of rows in which a value is stored only where it changes.</summary>
sealed class IncrementalStorage : ColumnStorage
{
    const int HeaderSize = 512;
    const uint TypeBits = 0xF0000000;
    readonly StorageFile _file;
    readonly ByteOrder _order;
    readonly IReadOnlyList<ColumnDescription> _columns;
    readonly Lazy<IndirectArrayFile> _arrays;
    readonly int _bucketSize;
    readonly long[] _rows;
    readonly int[] _buckets;

    /// <summary>A stretch of rows with one value, and where in its bucket that lies.</summary>
    readonly record struct Interval(long First, long End, byte[] Bucket, int ValueOffset);

    public IncrementalStorage(string path, ByteOrder order, IReadOnlyList<ColumnDescription> columns)
    {
        _order = order;
        _columns = columns;
        _arrays = new Lazy<IndirectArrayFile>(() => new IndirectArrayFile(path + "i", order));
        _file = new StorageFile(path);
        try
        {
            var header = new AipsReader(_file.ReadHead(HeaderSize), path, order);
            uint version = header.Begin("IncrementalStMan");
            bool bigEndian = version < 5 || header.ReadBool();
            if (bigEndian != (order == ByteOrder.BigEndian))
                throw header.Corrupt("the byte order of the storage manager differs from the table's");
            _bucketSize = header.ReadInt();
            int bucketCount = header.ReadInt();
            if (_bucketSize <= 8 || bucketCount < 0)
                throw header.Corrupt($"corrupt: {bucketCount} buckets of {_bucketSize} bytes");
            ColumnDescription? tooLarge = columns.FirstOrDefault(c => !c.IsIndirect && c.DataType.DiskBytes(c.FixedCount) > _bucketSize);
            if (tooLarge is not null)
                throw header.Corrupt($"corrupt: column {tooLarge.Name} does not fit into buckets of {_bucketSize} bytes");
            long start = HeaderSize + (bucketCount * (long)_bucketSize);
            var reader = new AipsReader(_file.ReadBytes(start, _file.Length - start), path, order, start);
            uint indexVersion = reader.Begin("ISMIndex");
            int used = reader.ReadInt();
            long[] rows = reader.ReadRowBlock(indexVersion > 1);
            int[] buckets = reader.ReadIntBlock();
            reader.End();
            if (used < 0 || used + 1 > rows.Length || used > buckets.Length)
                throw reader.Corrupt($"corrupt: {used} buckets are indexed and {buckets.Length} are listed");
            reader.CheckAscending(rows.AsSpan(0, used + 1), strictly: false);
            (_rows, _buckets) = (rows[..(used + 1)], buckets[..used]);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<long>? Shape(int column, long row)
    {
        ColumnDescription description = _columns[column];
        if (!description.IsIndirect)
            return description.FixedShape ?? [];
        long position = ArrayPosition(Find(column, row));
        return position == 0 ? null : _arrays.Value.Shape(position, description.DataType);
    }

    public override void Read(int column, long firstRow, long rowCount, long cellCount, Span<byte> destination)
    {
        ColumnDescription description = _columns[column];
        int cellBytes = checked((int)(cellCount * description.DataType.MemorySize()));
        for (long row = firstRow; row < firstRow + rowCount;)
        {
            foreach (Interval interval in IntervalsOfBucket(column, row, firstRow + rowCount))
            {
                long end = Math.Min(interval.End, firstRow + rowCount);
                Span<byte> first = destination.Slice((int)((row - firstRow) * cellBytes), cellBytes);
                ReadCell(description, interval, cellCount, first);
                for (row++; row < end; row++)
                    first.CopyTo(destination[(int)((row - firstRow) * cellBytes)..]);
            }
        }
    }

    public override string[] ReadStrings(int column, long row)
    {
        ColumnDescription description = _columns[column];
        Interval interval = Find(column, row);
        if (description.IsIndirect)
        {
            long position = ArrayPosition(interval);
            return position == 0 ? [] : _arrays.Value.ReadStrings(position);
        }
        // One string: its length includes the length word. Several: the length of all, then each with its own length.
        int count = (int)description.FixedCount, at = interval.ValueOffset;
        var texts = new string[count];
        int total = Int(interval.Bucket, at);
        at += 4;
        for (int i = 0; i < count; i++)
        {
            int length = count == 1 ? total - 4 : Int(interval.Bucket, at);
            at += count == 1 ? 0 : 4;
            texts[i] = Encoding.UTF8.GetString(Part(interval.Bucket, at, length));
            at += length;
        }
        return texts;
    }

    public override void Dispose()
    {
        _file.Dispose();
        if (_arrays.IsValueCreated)
            _arrays.Value.Dispose();
    }

    void ReadCell(ColumnDescription description, Interval interval, long cellCount, Span<byte> cell)
    {
        if (description.IsIndirect)
        {
            _arrays.Value.Read(ArrayPosition(interval), description.DataType, cellCount, cell);
            return;
        }
        ReadOnlySpan<byte> stored = Part(interval.Bucket, interval.ValueOffset, (int)description.DataType.DiskBytes(cellCount));
        if (description.DataType == TableDataType.Bool)
        {
            BitPacking.Unpack(stored, 0, cell);
            return;
        }
        stored.CopyTo(cell);
        _order.ToNative(cell, description.DataType.SwapSize());
    }

    long ArrayPosition(Interval interval) => _order.ReadLong(Part(interval.Bucket, interval.ValueOffset, 8));

    Interval Find(int column, long row) => IntervalsOfBucket(column, row, row + 1).First();

    /// <summary>The intervals from the row on, up to the end of its bucket or to <paramref name="endRow"/>.</summary>
    List<Interval> IntervalsOfBucket(int column, long row, long endRow)
    {
        int found = Array.BinarySearch(_rows, row);
        int index = found < 0 ? ~found - 1 : found;
        // Where a bucket starts at the same row as an empty one before it, the last of them holds the row.
        while (index + 1 < _buckets.Length && _rows[index + 1] <= row)
            index++;
        if (index < 0 || index >= _buckets.Length)
            throw new TableFormatException($"{_file.Path}: truncated: row {row} of column {_columns[column].Name} is in no bucket");
        byte[] bucket = _file.ReadBytes(HeaderSize + (_buckets[index] * (long)_bucketSize), _bucketSize);
        (long[] starts, int[] offsets) = ColumnIndex(bucket, column);
        var intervals = new List<Interval>();
        for (int i = 0; i < starts.Length; i++)
        {
            long first = _rows[index] + starts[i];
            long end = i + 1 < starts.Length ? _rows[index] + starts[i + 1] : _rows[index + 1];
            if (end > row && first < endRow)
                intervals.Add(new Interval(first, end, bucket, 4 + offsets[i]));
        }
        if (intervals.Count == 0 || intervals[0].First > row)
            throw Corrupt(bucket, $"row {row} of column {_columns[column].Name} has no value");
        return intervals;
    }

    (long[] Starts, int[] Offsets) ColumnIndex(byte[] bucket, int column)
    {
        uint word = (uint)Int(bucket, 0);
        int at = (int)(word & ~TypeBits), rowSize = (word & TypeBits) == 0 ? 4 : 8;
        for (int i = 0; ; i++)
        {
            int count = Int(bucket, at);
            at += 4;
            if (count < 0 || count > bucket.Length / 8)
                throw Corrupt(bucket, $"{count} intervals in one bucket");
            if (i < column)
            {
                at += count * (rowSize + 4);
                continue;
            }
            var starts = new long[count];
            var offsets = new int[count];
            for (int k = 0; k < count; k++)
            {
                starts[k] = rowSize == 4 ? (uint)Int(bucket, at + (4 * k)) : _order.ReadLong(Part(bucket, at + (8 * k), 8));
                offsets[k] = Int(bucket, at + (count * rowSize) + (4 * k));
                if (k > 0 && starts[k] <= starts[k - 1])
                    throw Corrupt(bucket, $"an interval from row {starts[k]} after one from row {starts[k - 1]}");
            }
            return (starts, offsets);
        }
    }

    int Int(byte[] bucket, int at) => _order.ReadInt(Part(bucket, at, 4));

    ReadOnlySpan<byte> Part(byte[] bucket, int at, int length) =>
        at >= 0 && length >= 0 && at <= bucket.Length - length ? bucket.AsSpan(at, length) : throw Corrupt(bucket, $"{length} bytes at {at} of a bucket");

    TableFormatException Corrupt(byte[] bucket, string problem) => new($"{_file.Path}: corrupt: {problem} (buckets have {bucket.Length} bytes)");
}
