using System.Numerics;

namespace Holoflow.Holography.Fits;

/// <summary>A column of a binary table with all its values.</summary>
public sealed class FitsColumn
{
    FitsColumn(string name, char code, int repeat, Array values, string unit)
    {
        Name = name;
        Code = code;
        Repeat = repeat;
        Values = values;
        Unit = unit;
    }

    /// <summary>TTYPE.</summary>
    public string Name { get; }

    /// <summary>The TFORM letter: L, B, I, J, K, E, D, C, M or A.</summary>
    public char Code { get; }

    /// <summary>Values a row, or characters of a string.</summary>
    public int Repeat { get; }

    /// <summary>The values of all rows; one string a row for A.</summary>
    public Array Values { get; }

    /// <summary>TUNIT.</summary>
    public string Unit { get; }

    internal long RowCount => Code == 'A' ? Values.Length : Values.Length / Repeat;

    internal int RowBytes => Repeat * Size(Code);

    /// <summary>A column of <paramref name="repeat"/> values a row.</summary>
    /// <param name="name">TTYPE.</param>
    /// <param name="values">bool[], byte[], short[], int[], long[], float[], double[], <see cref="ComplexSingle"/>[], <see cref="Complex"/>[] or string[].</param>
    /// <param name="repeat">Values a row (not for strings).</param>
    /// <param name="unit">TUNIT.</param>
    /// <exception cref="ArgumentException">The values' type has no TFORM, or do not make whole rows.</exception>
    public static FitsColumn Of(string name, Array values, int repeat = 1, string unit = "")
    {
        char code = values switch
        {
            bool[] => 'L',
            byte[] => 'B',
            short[] => 'I',
            int[] => 'J',
            long[] => 'K',
            float[] => 'E',
            double[] => 'D',
            ComplexSingle[] => 'C',
            Complex[] => 'M',
            string[] => 'A',
            _ => throw new ArgumentException($"A column cannot hold values of type {values.GetType().Name}.", nameof(values)),
        };
        if (values is string[] texts)
            return new FitsColumn(name, code, Math.Max(1, texts.Select(text => text.Length).DefaultIfEmpty(1).Max()), values, unit);
        if (repeat <= 0 || values.Length % repeat != 0)
            throw new ArgumentException($"{values.Length} values do not make whole rows of {repeat}.", nameof(repeat));
        return new FitsColumn(name, code, repeat, values, unit);
    }

    internal static int Size(char code) => code switch
    {
        'L' or 'B' or 'A' => 1,
        'I' => 2,
        'J' or 'E' => 4,
        'K' or 'D' or 'C' => 8,
        'M' => 16,
        _ => throw new FitsFormatException($"Columns of format {code} are not supported."),
    };

    /// <summary>Bytes of the unit that changes with the byte order.</summary>
    internal static int SwapSize(char code) => code switch
    {
        'C' => 4,
        'M' => 8,
        _ => Size(code),
    };
}
