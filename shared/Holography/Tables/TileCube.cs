using System.Buffers;

namespace Holoflow.Holography.Tables;

/// <summary>
/// One hypercube of a tiled storage manager: tiles of fixed shape, one after the other in a file, the first axis varying fastest
/// both among tiles and within one. The cube's first axes are those of a cell; the others place the row. Rows that follow each
/// other along the first of those lie contiguously within a tile, so that only the bytes of the rows asked for are ever read.
/// </summary>
/// <param name="file">The file of tiles.</param>
/// <param name="fileOffset">Where the cube's first tile starts.</param>
/// <param name="tileBytes">The size of a tile with all its columns.</param>
/// <param name="shape">The cube's shape.</param>
/// <param name="tileShape">A tile's shape.</param>
/// <param name="cellAxes">How many of the axes belong to a cell.</param>
/// <param name="order">The byte order of values.</param>
sealed class TileCube(StorageFile file, long fileOffset, long tileBytes, long[] shape, long[] tileShape, int cellAxes, ByteOrder order)
{
    readonly long[] _tiles = [.. shape.Select((length, axis) => (length + tileShape[axis] - 1) / tileShape[axis])];
    readonly long _tileCellCount = Shapes.Product(tileShape[..cellAxes]);
    readonly bool _cellIsOneTile = shape.Take(cellAxes).SequenceEqual(tileShape.Take(cellAxes));

    public long[] CellShape { get; } = shape[..cellAxes];

    public long[] Shape => shape;

    /// <summary>Rows from the given one on that lie in the same tiles, along the first axis that places rows.</summary>
    public long RunLength(ReadOnlySpan<long> rowPosition)
    {
        if (rowPosition.IsEmpty)
            return 1;
        long length = tileShape[cellAxes], position = rowPosition[0];
        return Math.Min(length - (position % length), shape[cellAxes] - position);
    }

    /// <summary>Reads a run of rows of one column.</summary>
    /// <param name="columnOffset">Where the column's values start within a tile, in bytes.</param>
    /// <param name="type">The column's type.</param>
    /// <param name="rowPosition">The first row's place on the axes beyond the cell's; empty where a cube is one cell.</param>
    /// <param name="rowCount">How many rows, at most <see cref="RunLength"/>.</param>
    /// <param name="destination">The values, [row][cell].</param>
    public void ReadRun(long columnOffset, TableDataType type, ReadOnlySpan<long> rowPosition, long rowCount, Span<byte> destination)
    {
        long tile = 0, tileStride = 1, first = 0, stride = _tileCellCount;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (axis >= cellAxes)
            {
                long position = rowPosition[axis - cellAxes];
                if (position < 0 || position >= shape[axis])
                    throw new TableFormatException($"{file.Path}: corrupt: position {position} on axis {axis} of a cube of shape {Shapes.Text(shape)}");
                tile += position / tileShape[axis] * tileStride;
                first += position % tileShape[axis] * stride;
                stride *= tileShape[axis];
            }
            tileStride *= _tiles[axis];
        }
        long count = rowCount * _tileCellCount;
        if (_cellIsOneTile)
        {
            ReadValues(Start(tile, columnOffset), type, first, destination);
            return;
        }
        byte[] scratch = ArrayPool<byte>.Shared.Rent(checked((int)(count * type.MemorySize())));
        Span<byte> values = scratch.AsSpan(0, (int)(count * type.MemorySize()));
        var place = new long[cellAxes];
        do
        {
            long cellTile = 0, cellStride = 1;
            for (int axis = 0; axis < cellAxes; axis++)
            {
                cellTile += place[axis] * cellStride;
                cellStride *= _tiles[axis];
            }
            ReadValues(Start(tile + cellTile, columnOffset), type, first, values);
            Scatter(values, place, rowCount, type.MemorySize(), destination);
        }
        while (Next(place));
        ArrayPool<byte>.Shared.Return(scratch);
    }

    long Start(long tile, long columnOffset) => fileOffset + (tile * tileBytes) + columnOffset;

    void ReadValues(long start, TableDataType type, long first, Span<byte> values)
    {
        if (type == TableDataType.Bool)
        {
            int length = (int)(((first + values.Length + 7) / 8) - (first / 8));
            byte[] packed = ArrayPool<byte>.Shared.Rent(length);
            file.Read(start + (first / 8), packed.AsSpan(0, length));
            BitPacking.Unpack(packed.AsSpan(0, length), first % 8, values);
            ArrayPool<byte>.Shared.Return(packed);
            return;
        }
        file.Read(start + (first * type.Size()), values);
        order.ToNative(values, type.SwapSize());
    }

    /// <summary>Copies the part of a tile that lies inside the cell, line by line along the first axis.</summary>
    void Scatter(ReadOnlySpan<byte> values, long[] place, long rowCount, int size, Span<byte> destination)
    {
        long cellCount = Shapes.Product(CellShape);
        var inside = new long[cellAxes];
        for (int axis = 0; axis < cellAxes; axis++)
            inside[axis] = Math.Min(tileShape[axis], shape[axis] - (place[axis] * tileShape[axis]));
        int line = (int)(inside[0] * size);
        var at = new long[cellAxes];
        for (long row = 0; row < rowCount; row++)
        {
            Array.Clear(at);
            do
            {
                long source = row * _tileCellCount, target = row * cellCount, sourceStride = 1, targetStride = 1;
                for (int axis = 0; axis < cellAxes; axis++)
                {
                    source += at[axis] * sourceStride;
                    target += ((place[axis] * tileShape[axis]) + at[axis]) * targetStride;
                    sourceStride *= tileShape[axis];
                    targetStride *= shape[axis];
                }
                values.Slice((int)(source * size), line).CopyTo(destination[(int)(target * size)..]);
            }
            while (Advance(at, inside, firstAxis: 1));
        }
    }

    bool Next(long[] place) => Advance(place, _tiles.AsSpan(0, cellAxes), firstAxis: 0);

    static bool Advance(long[] position, ReadOnlySpan<long> limits, int firstAxis)
    {
        for (int axis = firstAxis; axis < position.Length; axis++)
        {
            if (++position[axis] < limits[axis])
                return true;
            position[axis] = 0;
        }
        return false;
    }
}
