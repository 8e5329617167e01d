using System.Numerics;

namespace Holoflow.Holography.Tables;

/// <summary>The data types of table columns and keywords, numbered as on disk (casacore note 260).</summary>
public enum TableDataType
{
    Bool = 0,
    Char = 1,
    UChar = 2,
    Short = 3,
    UShort = 4,
    Int = 5,
    UInt = 6,
    Float = 7,
    Double = 8,
    Complex = 9,
    DComplex = 10,
    String = 11,
    Table = 12,
    ArrayBool = 13,
    ArrayString = 24,
    Record = 25,
    Int64 = 29,
    ArrayInt64 = 30,
}

static class TableDataTypes
{
    /// <summary>Bytes of one value on disk; 0 for a bool (a bit) and for what has no fixed size.</summary>
    public static int Size(this TableDataType type) => type switch
    {
        TableDataType.Char or TableDataType.UChar => 1,
        TableDataType.Short or TableDataType.UShort => 2,
        TableDataType.Int or TableDataType.UInt or TableDataType.Float => 4,
        TableDataType.Double or TableDataType.Complex or TableDataType.Int64 => 8,
        TableDataType.DComplex => 16,
        _ => 0,
    };

    /// <summary>Bytes of the unit that changes with the byte order: half a complex value.</summary>
    public static int SwapSize(this TableDataType type) => type switch
    {
        TableDataType.Complex => 4,
        TableDataType.DComplex => 8,
        _ => type.Size(),
    };

    /// <summary>Bytes of one value in the caller's buffer: a bool takes one.</summary>
    public static int MemorySize(this TableDataType type) => type == TableDataType.Bool ? 1 : type.Size();

    /// <summary>Bytes that <paramref name="count"/> values take on disk: eight bools a byte.</summary>
    public static long DiskBytes(this TableDataType type, long count) => type == TableDataType.Bool ? (count + 7) / 8 : count * type.Size();

    /// <summary>The type's name in a column description's class name, padded to eight characters.</summary>
    public static string ClassId(this TableDataType type) => type switch
    {
        TableDataType.Bool => "Bool    ",
        TableDataType.Char => "Char    ",
        TableDataType.UChar => "uChar   ",
        TableDataType.Short => "Short   ",
        TableDataType.UShort => "uShort  ",
        TableDataType.Int => "Int     ",
        TableDataType.UInt => "uInt    ",
        TableDataType.Float => "float   ",
        TableDataType.Double => "double  ",
        TableDataType.Complex => "Complex ",
        TableDataType.DComplex => "DComplex",
        TableDataType.String => "String  ",
        TableDataType.Int64 => "Int64   ",
        _ => throw new TableFormatException($"A column cannot hold values of type {type}."),
    };

    public static bool IsScalar(this TableDataType type) => type is (>= TableDataType.Bool and <= TableDataType.String) or TableDataType.Int64;

    /// <summary>The element type where <paramref name="type"/> is an array's; else null.</summary>
    public static TableDataType? ElementOfArray(this TableDataType type) => type switch
    {
        TableDataType.ArrayInt64 => TableDataType.Int64,
        >= TableDataType.ArrayBool and <= TableDataType.ArrayString => (TableDataType)(type - TableDataType.ArrayBool),
        _ => null,
    };

    public static TableDataType AsArray(this TableDataType element) =>
        element == TableDataType.Int64 ? TableDataType.ArrayInt64 : (TableDataType)((int)element + (int)TableDataType.ArrayBool);

    /// <summary>The data type that buffers of <typeparamref name="T"/> hold.</summary>
    public static TableDataType Of<T>()
    {
        Type type = typeof(T);
        return type == typeof(bool) ? TableDataType.Bool
            : type == typeof(sbyte) ? TableDataType.Char
            : type == typeof(byte) ? TableDataType.UChar
            : type == typeof(short) ? TableDataType.Short
            : type == typeof(ushort) ? TableDataType.UShort
            : type == typeof(int) ? TableDataType.Int
            : type == typeof(uint) ? TableDataType.UInt
            : type == typeof(long) ? TableDataType.Int64
            : type == typeof(float) ? TableDataType.Float
            : type == typeof(double) ? TableDataType.Double
            : type == typeof(ComplexSingle) ? TableDataType.Complex
            : type == typeof(Complex) ? TableDataType.DComplex
            : type == typeof(string) ? TableDataType.String
            : throw new NotSupportedException($"No table data type corresponds to {type.Name}.");
    }
}
