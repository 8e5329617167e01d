using System.Text;

namespace Holoflow.Holography.Tables;

/// <summary>
/// Writes StandardStMan (see <see cref="StandardStorage"/>). Buckets are held until every column has filled them, so that memory
/// stays bounded where columns advance together.
/// </summary>
sealed class StandardStorageWriter : StorageWriter
{
    const int HeaderSize = 512, MinimumBucketSize = 512, InlineStringLength = 8;
    readonly string _name;
    readonly FileStream _file;
    readonly IndirectArrayWriter? _arrays;
    readonly ByteOrder _order;
    readonly IReadOnlyList<ColumnDescription> _columns;
    readonly int[] _offsets;
    readonly long[] _rows;
    readonly int _rowsPerBucket, _bucketSize, _used;
    readonly Dictionary<long, byte[]> _open = [];
    readonly List<int> _bucketNumbers = [];
    readonly StringBucketWriter _strings;
    int _bucketCount;
    long _flushed;

    public StandardStorageWriter(string path, string name, ByteOrder order, IReadOnlyList<ColumnDescription> columns, int rowsPerBucket)
    {
        _name = name;
        _order = order;
        _columns = columns;
        _rowsPerBucket = rowsPerBucket;
        _rows = new long[columns.Count];
        _offsets = new int[columns.Count];
        for (int i = 0; i < columns.Count; i++)
        {
            _offsets[i] = _used;
            _used += (int)(((rowsPerBucket * columns[i].BitsInBucket) + 7) / 8);
        }
        _bucketSize = Math.Max(MinimumBucketSize, _used);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        _arrays = columns.Any(c => c.IsIndirect && c.DataType != TableDataType.String) ? new IndirectArrayWriter(path + "i", order) : null;
        _strings = new StringBucketWriter(_bucketSize, () => _bucketCount++, WriteBucket);
    }

    public override long RowCount(int column) => _rows[column];

    public override void Append(int column, IReadOnlyList<long> cellShape, long rowCount, ReadOnlySpan<byte> values)
    {
        ColumnDescription description = _columns[column];
        if (description.IsIndirect)
        {
            int cellBytes = (int)(values.Length / Math.Max(1, rowCount));
            Span<byte> place = stackalloc byte[8];
            for (int i = 0; i < rowCount; i++)
            {
                _order.WriteLong(place, _arrays!.Append(description.DataType, cellShape, values.Slice(i * cellBytes, cellBytes)));
                Store(column, 1, place);
            }
            return;
        }
        Store(column, rowCount, values, description.DataType);
    }

    public override void AppendStrings(int column, IReadOnlyList<long> cellShape, IReadOnlyList<string> values)
    {
        Span<byte> place = stackalloc byte[12];
        place.Clear();
        if (_columns[column].IsArray)
        {
            Place(place, _strings.AppendArray(_columns[column].FixedShape is null ? cellShape : null, values));
        }
        else
        {
            byte[] text = Encoding.UTF8.GetBytes(values[0]);
            if (text.Length > InlineStringLength)
            {
                Place(place, _strings.Append(text));
            }
            else
            {
                text.CopyTo(place);
                _order.WriteInt(place[8..], text.Length);
            }
        }
        Store(column, 1, place);
    }

    public override void AppendEmpty(int column, long rowCount)
    {
        ColumnDescription description = _columns[column];
        byte[] nothing = new byte[description.DataType == TableDataType.String ? 12 : 8];
        for (long i = 0; i < rowCount; i++)
            Store(column, 1, nothing);
    }

    public override byte[] Complete()
    {
        FlushBuckets(_bucketNumbers.Count);
        _strings.Flush();
        WriteIndex();
        _file.Flush();
        _arrays?.Complete();
        var header = new AipsWriter(ByteOrder.BigEndian);
        header.Begin("SSM", 2);
        header.Write(_name);
        header.WriteBlock([.. _offsets.Select(offset => (uint)offset)]);
        header.WriteBlock(new uint[_columns.Count]);
        header.End();
        return header.ToArray();
    }

    public override void Dispose()
    {
        _file.Dispose();
        _arrays?.Dispose();
    }

    void Place(Span<byte> place, (int Bucket, int Offset, int Length) position)
    {
        _order.WriteInt(place, position.Bucket);
        _order.WriteInt(place[4..], position.Offset);
        _order.WriteInt(place[8..], position.Length);
    }

    /// <summary>Puts rows into their buckets: native values of a type, or bytes as they are where no type is given.</summary>
    void Store(int column, long rowCount, ReadOnlySpan<byte> values, TableDataType? type = null)
    {
        int cellBytes = (int)(values.Length / Math.Max(1, rowCount));
        for (long done = 0; done < rowCount;)
        {
            long row = _rows[column], bucket = row / _rowsPerBucket, rowInBucket = row % _rowsPerBucket;
            long count = Math.Min(rowCount - done, _rowsPerBucket - rowInBucket);
            ReadOnlySpan<byte> part = values.Slice((int)(done * cellBytes), (int)(count * cellBytes));
            Span<byte> target = OpenBucket(bucket).AsSpan(_offsets[column]);
            if (type == TableDataType.Bool)
            {
                BitPacking.Pack(part, target, rowInBucket * cellBytes);
            }
            else
            {
                target = target.Slice((int)(rowInBucket * cellBytes), part.Length);
                part.CopyTo(target);
                if (type is not null)
                    _order.ToNative(target, type.Value.SwapSize());
            }
            _rows[column] += count;
            done += count;
        }
        FlushBuckets(_rows.Min() / _rowsPerBucket);
    }

    byte[] OpenBucket(long index)
    {
        while (_bucketNumbers.Count <= index)
        {
            _open.Add(_bucketNumbers.Count, new byte[_bucketSize]);
            _bucketNumbers.Add(_bucketCount++);
        }
        return _open[index];
    }

    void FlushBuckets(long end)
    {
        for (; _flushed < end; _flushed++)
        {
            WriteBucket(_bucketNumbers[(int)_flushed], _open[_flushed]);
            _open.Remove(_flushed);
        }
    }

    void WriteBucket(int number, byte[] bucket) => RandomAccess.Write(_file.SafeFileHandle, bucket, HeaderSize + (number * (long)_bucketSize));

    void WriteIndex()
    {
        long rows = _rows.Length == 0 ? 0 : _rows[0];
        var index = new AipsWriter(_order);
        index.Begin("SSMIndex", 1);
        index.Write((uint)_bucketNumbers.Count);
        index.Write((uint)_rowsPerBucket);
        index.Write(_columns.Count);
        index.Begin("SimpleOrderedMap", 1);
        index.Write(0);
        index.Write(_bucketSize > _used ? 1u : 0u);
        index.Write(1u);
        if (_bucketSize > _used)
        {
            index.Write(_used);
            index.Write(_bucketSize - _used);
        }
        index.End();
        index.WriteBlock([.. _bucketNumbers.Select((_, i) => (uint)(Math.Min(rows, (i + 1L) * _rowsPerBucket) - 1))]);
        index.WriteBlock([.. _bucketNumbers.Select(number => (uint)number)]);
        index.End();
        byte[] bytes = index.ToArray();
        int payload = _bucketSize - 8, buckets = (bytes.Length + payload - 1) / payload, first = _bucketCount;
        for (int i = 0; i < buckets; i++)
        {
            var bucket = new byte[_bucketSize];
            int next = i + 1 < buckets ? first + i + 1 : -1;
            ByteOrder.BigEndian.WriteInt(bucket, next);
            ByteOrder.BigEndian.WriteInt(bucket.AsSpan(4), next);
            bytes.AsSpan(i * payload, Math.Min(payload, bytes.Length - (i * payload))).CopyTo(bucket.AsSpan(8));
            WriteBucket(_bucketCount++, bucket);
        }
        WriteHeader(buckets, first, bytes.Length);
    }

    void WriteHeader(int indexBuckets, int firstIndexBucket, int indexLength)
    {
        var header = new AipsWriter(_order);
        header.Begin("StandardStMan", _order == ByteOrder.BigEndian ? 2u : 3u);
        if (_order != ByteOrder.BigEndian)
            header.Write(false);
        header.Write((uint)_bucketSize);
        header.Write((uint)_bucketCount);
        header.Write(2u);
        header.Write(0u);
        header.Write(-1);
        header.Write((uint)indexBuckets);
        header.Write(firstIndexBucket);
        header.Write(0u);
        header.Write(_strings.LastBucket);
        header.Write((uint)indexLength);
        header.Write(1u);
        header.End();
        var bytes = new byte[HeaderSize];
        header.ToArray().CopyTo(bytes, 0);
        RandomAccess.Write(_file.SafeFileHandle, bytes, 0);
    }
}
