using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Holoflow.Holography.Tables;

/// <summary>Keyword records on disk: a description of the fields, then their values; nested records either inline or whole.</summary>
static class KeywordFormat
{
    sealed record Field(string Name, TableDataType Type, List<Field> Nested);

    public static TableKeywords Read(AipsReader reader)
    {
        reader.Begin(type => type is "TableRecord" or "Record", "a keyword record");
        List<Field> fields = ReadDescription(reader);
        reader.ReadInt();
        TableKeywords keywords = ReadFields(reader, fields);
        reader.End();
        return keywords;
    }

    public static void Write(AipsWriter writer, TableKeywords keywords)
    {
        writer.Begin("TableRecord", 1);
        writer.Begin("RecordDesc", 2);
        writer.Write(keywords.Count);
        foreach ((string name, object value) in keywords)
        {
            TableDataType type = TypeOf(value);
            writer.Write(name);
            writer.Write((int)type);
            if (type == TableDataType.Record)
            {
                writer.Begin("RecordDesc", 2);
                writer.Write(0);
                writer.End();
            }
            else if (type == TableDataType.Table)
            {
                writer.Write("");
            }
            else if (type.ElementOfArray() is not null)
            {
                writer.WriteShape([-1]);
            }
            writer.Write("");
        }
        writer.End();
        writer.Write(1);
        foreach ((_, object value) in keywords)
            WriteValue(writer, value);
        writer.End();
    }

    static List<Field> ReadDescription(AipsReader reader)
    {
        uint version = reader.Begin("RecordDesc");
        int count = reader.ReadCount(8);
        var fields = new List<Field>(count);
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            var type = (TableDataType)reader.ReadInt();
            List<Field> nested = [];
            if (type == TableDataType.Record)
                nested = ReadDescription(reader);
            else if (type == TableDataType.Table)
                reader.ReadString();
            else if (type.ElementOfArray() is not null)
                reader.ReadShape();
            else if (!type.IsScalar())
                throw reader.Corrupt($"keyword {name} has the unknown data type {(int)type}");
            if (version > 1)
                reader.ReadString();
            fields.Add(new Field(name, type, nested));
        }
        reader.End();
        return fields;
    }

    static TableKeywords ReadFields(AipsReader reader, List<Field> fields)
    {
        var keywords = new TableKeywords();
        foreach (Field field in fields)
        {
            keywords.Add(field.Name, field.Type switch
            {
                TableDataType.Record when field.Nested.Count == 0 => Read(reader),
                TableDataType.Record => ReadFields(reader, field.Nested),
                TableDataType.Table => new TableReference(reader.ReadString()),
                _ when field.Type.ElementOfArray() is { } element => ReadArray(reader, element),
                _ => ReadArrayValues(reader, field.Type, 1).GetValue(0)!,
            });
        }
        return keywords;
    }

    static TableArray ReadArray(AipsReader reader, TableDataType element)
    {
        uint version = reader.Begin(type => type.StartsWith("Array", StringComparison.Ordinal), "an array");
        var shape = new long[reader.ReadCount(4)];
        for (int i = 0; version < 3 && i < shape.Length; i++)
            reader.ReadInt();
        for (int i = 0; i < shape.Length; i++)
            shape[i] = reader.ReadUInt();
        int count = reader.ReadCount(0);
        if (element != TableDataType.Bool && count * (long)Math.Max(1, element.Size()) > int.MaxValue)
            throw reader.Corrupt($"an array keyword of {count} values is too large");
        var array = new TableArray(shape, ReadArrayValues(reader, element, count));
        reader.End();
        return array;
    }

    static Array ReadArrayValues(AipsReader reader, TableDataType type, int count) => type switch
    {
        TableDataType.Bool when count == 1 => new[] { reader.ReadBool() },
        TableDataType.Bool => Values<bool>(reader, type, count),
        TableDataType.Char => Values<sbyte>(reader, type, count),
        TableDataType.UChar => Values<byte>(reader, type, count),
        TableDataType.Short => Values<short>(reader, type, count),
        TableDataType.UShort => Values<ushort>(reader, type, count),
        TableDataType.Int => Values<int>(reader, type, count),
        TableDataType.UInt => Values<uint>(reader, type, count),
        TableDataType.Int64 => Values<long>(reader, type, count),
        TableDataType.Float => Values<float>(reader, type, count),
        TableDataType.Double => Values<double>(reader, type, count),
        TableDataType.Complex => Values<ComplexSingle>(reader, type, count),
        TableDataType.DComplex => Values<Complex>(reader, type, count),
        TableDataType.String => Enumerable.Range(0, count).Select(_ => reader.ReadString()).ToArray(),
        _ => throw reader.Corrupt($"keyword values of type {type} are unknown"),
    };

    static T[] Values<T>(AipsReader reader, TableDataType type, int count)
        where T : unmanaged
    {
        var values = new T[count];
        reader.ReadValues(type, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    static TableDataType TypeOf(object value) => value switch
    {
        TableKeywords => TableDataType.Record,
        TableReference => TableDataType.Table,
        TableArray { Values: string[] } => TableDataType.ArrayString,
        TableArray { Values: int[] } => TableDataType.Int.AsArray(),
        TableArray { Values: double[] } => TableDataType.Double.AsArray(),
        bool => TableDataType.Bool,
        int => TableDataType.Int,
        float => TableDataType.Float,
        double => TableDataType.Double,
        string => TableDataType.String,
        _ => throw new ArgumentException($"A keyword cannot be written from a value of type {value.GetType().Name}.", nameof(value)),
    };

    static void WriteValue(AipsWriter writer, object value)
    {
        switch (value)
        {
            case TableKeywords nested:
                Write(writer, nested);
                break;
            case TableReference reference:
                writer.Write(reference.StoredPath);
                break;
            case TableArray { Values: string[] texts } array:
                BeginArray(writer, array, "Array<String>");
                foreach (string text in texts)
                    writer.Write(text);
                writer.End();
                break;
            case TableArray { Values: int[] numbers } array:
                BeginArray(writer, array, "Array<Int>");
                writer.WriteValues(TableDataType.Int, MemoryMarshal.AsBytes(numbers.AsSpan()));
                writer.End();
                break;
            case TableArray { Values: double[] numbers } array:
                BeginArray(writer, array, "Array<double>");
                writer.WriteValues(TableDataType.Double, MemoryMarshal.AsBytes(numbers.AsSpan()));
                writer.End();
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case string text:
                writer.Write(text);
                break;
            case int number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(Unsafe.BitCast<float, int>(number));
                break;
            case double number:
                writer.Write(Unsafe.BitCast<double, long>(number));
                break;
        }
    }

    static void BeginArray(AipsWriter writer, TableArray array, string type)
    {
        writer.Begin(type, 3);
        writer.Write((uint)array.Shape.Count);
        foreach (long length in array.Shape)
            writer.Write((uint)length);
        writer.Write((uint)array.Values.Length);
    }
}
