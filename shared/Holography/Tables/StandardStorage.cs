using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>
/// Reads StandardStMan: buckets of rows in which each column's values lie together, an index from rows to buckets, strings in
/// buckets of their own, arrays of variable shape in an indirect file.
/// </summary>
sealed class StandardStorage : ColumnStorage
{
    const int HeaderSize = 512;

    /// <summary>Rows to buckets: the last row of each bucket, ascending.</summary>
    sealed record BucketIndex(int RowsPerBucket, long[] LastRows, int[] Buckets);

    readonly StorageFile _file;
    readonly ByteOrder _order;
    readonly IReadOnlyList<ColumnDescription> _columns;
    readonly Lazy<IndirectArrayFile> _arrays;
    readonly StringBuckets _strings;
    readonly int[] _offsets, _indexOfColumn;
    readonly BucketIndex[] _indices;
    readonly int _bucketSize;

    public StandardStorage(string path, StorageDescription description, ByteOrder order, IReadOnlyList<ColumnDescription> columns)
    {
        _order = order;
        _columns = columns;
        var header = new AipsReader(description.Header, path, ByteOrder.BigEndian);
        header.Begin("SSM");
        header.ReadString();
        _offsets = header.ReadIntBlock();
        _indexOfColumn = header.ReadIntBlock();
        header.End();
        _arrays = new Lazy<IndirectArrayFile>(() => new IndirectArrayFile(path + "i", order));
        _file = new StorageFile(path);
        try
        {
            (_bucketSize, _indices) = ReadIndex(_file, order);
            if (_offsets.Length != columns.Count || _indexOfColumn.Length != columns.Count || _indexOfColumn.Any(i => i < 0 || i >= _indices.Length))
                throw new TableFormatException($"{path}: the storage manager does not describe the table's {columns.Count} columns");
            CheckColumnsFit(path);
            _strings = new StringBuckets(_file, _bucketSize);
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
        if (description.DataType == TableDataType.String)
        {
            if (description.FixedShape is not null)
                return description.FixedShape;
            (int bucket, int offset, int length) = StringPlace(column, row, out _);
            return length == 0 ? null : _strings.Shape(bucket, offset);
        }
        long position = ArrayPosition(column, row);
        return position == 0 ? null : _arrays.Value.Shape(position, description.DataType);
    }

    public override void Read(int column, long firstRow, long rowCount, long cellCount, Span<byte> destination)
    {
        ColumnDescription description = _columns[column];
        int cellBytes = checked((int)(cellCount * description.DataType.MemorySize()));
        if (description.IsIndirect)
        {
            for (long i = 0; i < rowCount; i++)
                _arrays.Value.Read(ArrayPosition(column, firstRow + i), description.DataType, cellCount, destination.Slice((int)i * cellBytes, cellBytes));
            return;
        }
        for (long row = firstRow; row < firstRow + rowCount;)
        {
            (long start, long rowInBucket, long left) = Find(column, row);
            long count = Math.Min(left, firstRow + rowCount - row);
            Span<byte> part = destination.Slice((int)((row - firstRow) * cellBytes), (int)(count * cellBytes));
            if (description.DataType == TableDataType.Bool)
            {
                long firstBit = rowInBucket * cellCount, lastBit = (rowInBucket + count) * cellCount;
                byte[] packed = _file.ReadBytes(start + (firstBit / 8), ((lastBit + 7) / 8) - (firstBit / 8));
                BitPacking.Unpack(packed, firstBit % 8, part);
            }
            else
            {
                _file.Read(start + (rowInBucket * cellBytes), part);
                _order.ToNative(part, description.DataType.SwapSize());
            }
            row += count;
        }
    }

    public override string[] ReadStrings(int column, long row)
    {
        ColumnDescription description = _columns[column];
        if (description.MaximumLength > 0 && !description.IsArray)
        {
            (long start, long rowInBucket, _) = Find(column, row);
            byte[] text = _file.ReadBytes(start + (rowInBucket * description.MaximumLength), description.MaximumLength);
            int end = Array.IndexOf(text, (byte)0);
            return [Encoding.UTF8.GetString(text, 0, end < 0 ? text.Length : end)];
        }
        (int bucket, int offset, int length) = StringPlace(column, row, out byte[] place);
        if (!description.IsArray)
            return [length <= 8 ? Encoding.UTF8.GetString(place, 0, Math.Max(0, length)) : _strings.Text(bucket, offset, length)];
        if (description.FixedShape is null)
            return length == 0 ? [] : _strings.Array(bucket, offset, null);
        return length == 0 ? [.. Enumerable.Repeat("", (int)description.FixedCount)] : _strings.Array(bucket, offset, description.FixedCount);
    }

    public override void Dispose()
    {
        _file.Dispose();
        if (_arrays.IsValueCreated)
            _arrays.Value.Dispose();
    }

    void CheckColumnsFit(string path)
    {
        for (int i = 0; i < _columns.Count; i++)
        {
            Int128 bits = (Int128)_indices[_indexOfColumn[i]].RowsPerBucket * _columns[i].BitsInBucket;
            if (_offsets[i] < 0 || bits < 0 || _offsets[i] + ((bits + 7) / 8) > _bucketSize)
                throw new TableFormatException($"{path}: corrupt: column {_columns[i].Name} does not fit into buckets of {_bucketSize} bytes");
        }
    }

    (int Bucket, int Offset, int Length) StringPlace(int column, long row, out byte[] place)
    {
        (long start, long rowInBucket, _) = Find(column, row);
        place = _file.ReadBytes(start + (rowInBucket * 12), 12);
        return (_order.ReadInt(place), _order.ReadInt(place.AsSpan(4)), _order.ReadInt(place.AsSpan(8)));
    }

    long ArrayPosition(int column, long row)
    {
        (long start, long rowInBucket, _) = Find(column, row);
        Span<byte> position = stackalloc byte[8];
        _file.Read(start + (rowInBucket * 8), position);
        return _order.ReadLong(position);
    }

    /// <summary>Where the column's values of the row's bucket start in the file, the row's place among them, and how many rows are left in it.</summary>
    (long Start, long RowInBucket, long RowsLeft) Find(int column, long row)
    {
        BucketIndex index = _indices[_indexOfColumn[column]];
        int found = Array.BinarySearch(index.LastRows, row);
        int at = found < 0 ? ~found : found;
        if (at >= index.Buckets.Length)
            throw new TableFormatException($"{_file.Path}: truncated: row {row} of column {_columns[column].Name} is in no bucket");
        long first = at == 0 ? 0 : index.LastRows[at - 1] + 1;
        long start = HeaderSize + (index.Buckets[at] * (long)_bucketSize) + _offsets[column];
        return (start, row - first, index.LastRows[at] - row + 1);
    }

    static (int BucketSize, BucketIndex[] Indices) ReadIndex(StorageFile file, ByteOrder order)
    {
        var header = new AipsReader(file.ReadHead(HeaderSize), file.Path, order);
        uint version = header.Begin("StandardStMan");
        bool bigEndian = version < 3 || header.ReadBool();
        if (bigEndian != (order == ByteOrder.BigEndian))
            throw header.Corrupt("the byte order of the storage manager differs from the table's");
        int bucketSize = header.ReadInt();
        header.ReadInt();
        header.ReadInt();
        header.ReadInt();
        header.ReadInt();
        int indexBuckets = header.ReadInt();
        int bucket = header.ReadInt();
        int indexOffset = version >= 2 ? header.ReadInt() : 0;
        header.ReadInt();
        int indexLength = header.ReadInt();
        int indexCount = header.ReadInt();
        if (bucketSize <= 8 || indexLength < 0 || indexBuckets < 0 || indexLength > file.Length || indexCount is < 0 or > 10_000)
            throw header.Corrupt($"corrupt: buckets of {bucketSize} bytes, {indexCount} indices in {indexBuckets} buckets and {indexLength} bytes");
        var index = new byte[indexLength];
        int filled = 0;
        for (int i = 0; i < indexBuckets && filled < indexLength; i++)
        {
            long start = HeaderSize + (bucket * (long)bucketSize);
            int count = Math.Min(indexLength - filled, bucketSize - 8);
            file.Read(start + (indexOffset > 0 ? indexOffset : 8), index.AsSpan(filled, count));
            bucket = ByteOrder.BigEndian.ReadInt(file.ReadBytes(start + 4, 4));
            filled += count;
        }
        var reader = new AipsReader(index, file.Path, order);
        var indices = new BucketIndex[indexCount];
        for (int i = 0; i < indexCount; i++)
            indices[i] = ReadBucketIndex(reader);
        return (bucketSize, indices);
    }

    static BucketIndex ReadBucketIndex(AipsReader reader)
    {
        uint version = reader.Begin("SSMIndex");
        int used = reader.ReadInt();
        int rowsPerBucket = reader.ReadInt();
        reader.ReadInt();
        reader.Begin("SimpleOrderedMap");
        reader.End();
        long[] lastRows = reader.ReadRowBlock(version > 1);
        int[] buckets = reader.ReadIntBlock();
        reader.End();
        if (used < 0 || used > lastRows.Length || used > buckets.Length)
            throw reader.Corrupt($"corrupt: {used} buckets are indexed and {buckets.Length} are listed");
        reader.CheckAscending(lastRows.AsSpan(0, used), strictly: true);
        return new BucketIndex(rowsPerBucket, lastRows[..used], buckets[..used]);
    }
}
