namespace Holoflow.Holography.Tables;

/// <summary>How a row finds its hypercube and its place there.</summary>
abstract class TiledRowMap
{
    /// <summary>The row's cube (-1: none), its place along the rows of the cube, and for how many rows from it on this goes on.</summary>
    public abstract (int Cube, long Place, long RowsLeft) Find(long row);

    /// <summary>The place on the cube's axes beyond the cell's.</summary>
    public virtual long[] Position(TileCube cube, long place, long row) => [place];
}

/// <summary>TiledColumnStMan: all rows in one cube.</summary>
sealed class SingleCubeRowMap(long rowCount) : TiledRowMap
{
    public override (int Cube, long Place, long RowsLeft) Find(long row) => (0, row, rowCount - row);
}

/// <summary>TiledCellStMan: each row is a cube.</summary>
sealed class CellRowMap : TiledRowMap
{
    public override (int Cube, long Place, long RowsLeft) Find(long row) => ((int)row, 0, 1);

    public override long[] Position(TileCube cube, long place, long row) => [];
}

/// <summary>TiledShapeStMan: a cube for each shape; each interval of rows, given by its last row, ends at a place of a cube.</summary>
sealed class ShapeRowMap(long[] lastRows, int[] cubes, int[] lastPlaces) : TiledRowMap
{
    public override (int Cube, long Place, long RowsLeft) Find(long row)
    {
        int found = Array.BinarySearch(lastRows, row);
        int at = found < 0 ? ~found : found;
        // Rows beyond the map have been added and never filled.
        return at >= lastRows.Length ? (-1, 0, 1) : (cubes[at], (uint)lastPlaces[at] - (lastRows[at] - row), lastRows[at] - row + 1);
    }
}

/// <summary>TiledDataStMan: cubes given by id values; each interval of rows, given by its first row, starts at a place of a cube.</summary>
sealed class DataRowMap(long[] firstRows, int[] cubes, int[] firstPlaces, int cellAxes, long rowCount) : TiledRowMap
{
    public override (int Cube, long Place, long RowsLeft) Find(long row)
    {
        int found = Array.BinarySearch(firstRows, row);
        int at = found < 0 ? ~found - 1 : found;
        if (at < 0)
            return (-1, 0, 1);
        long end = at + 1 < firstRows.Length ? firstRows[at + 1] : rowCount;
        return (cubes[at], row - firstRows[at], end - row);
    }

    public override long[] Position(TileCube cube, long place, long row)
    {
        int found = Array.BinarySearch(firstRows, row);
        int at = found < 0 ? ~found - 1 : found;
        var position = new long[cube.Shape.Length - cellAxes];
        for (int axis = 0; axis < position.Length - 1; axis++)
        {
            position[axis] = place % cube.Shape[cellAxes + axis];
            place /= cube.Shape[cellAxes + axis];
        }
        position[^1] = place + (uint)firstPlaces[at];
        return position;
    }
}
