namespace Holoflow.Holography.Tables;

/// <summary>What a table says of one of its columns.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="DataType">The type of its values.</param>
/// <param name="IsArray">Whether a cell holds an array.</param>
/// <param name="DimensionCount">The number of axes of a cell: 0 for a scalar, -1 where cells may differ.</param>
/// <param name="FixedShape">The shape of every cell (fastest axis first), or null where each row has its own.</param>
/// <param name="IsDirect">Whether arrays lie among the rows' values, not in a file of their own.</param>
/// <param name="MaximumLength">The fixed length of strings in bytes, or 0.</param>
/// <param name="ManagerType">The type of data manager that stores it.</param>
/// <param name="ManagerGroup">The data manager's group name.</param>
/// <param name="Comment">The comment.</param>
/// <param name="Keywords">The column's keywords: units, measure.</param>
public sealed record ColumnDescription(
    string Name,
    TableDataType DataType,
    bool IsArray,
    int DimensionCount,
    IReadOnlyList<long>? FixedShape,
    bool IsDirect,
    int MaximumLength,
    string ManagerType,
    string ManagerGroup,
    string Comment,
    TableKeywords Keywords)
{
    /// <summary>Values in a cell of fixed shape (1 for a scalar); -1 where each row has its own shape.</summary>
    internal long FixedCount => !IsArray ? 1 : FixedShape is null ? -1 : Shapes.Product(FixedShape);

    /// <summary>Whether cells hold positions in a file of arrays (where the manager is not a tiled one).</summary>
    internal bool IsIndirect => IsArray && !IsDirect;

    /// <summary>Bits that a row takes in a bucket of a StandardStMan.</summary>
    internal long BitsInBucket => this switch
    {
        { DataType: TableDataType.String, MaximumLength: > 0, IsArray: false } => 8L * MaximumLength,
        { DataType: TableDataType.String } => 96,
        { IsIndirect: true } => 64,
        { DataType: TableDataType.Bool } => FixedCount,
        _ => 8 * FixedCount * DataType.Size(),
    };
}

static class Shapes
{
    /// <summary>The number of values; an error where it is beyond what any file holds, as in a corrupt table.</summary>
    public static long Product(IReadOnlyList<long> shape)
    {
        Int128 product = 1;
        foreach (long length in shape)
        {
            product *= length;
            if (length < 0 || product > long.MaxValue / 16)
                throw new TableFormatException($"corrupt: an array of shape {Text(shape)}");
        }
        return (long)product;
    }

    public static string Text(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
