using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>The POINTING rows of an open MeasurementSet, read by ranges of rows.</summary>
public sealed class PointingTable
{
    readonly CasaTable _table;

    internal PointingTable(CasaTable table) => _table = table;

    public long RowCount => _table.RowCount;

    /// <summary>Fills <paramref name="destination"/>, [row], with the rows from <paramref name="firstRow"/> on: times in s, directions in rad.</summary>
    /// <exception cref="TableFormatException">A row has no direction, or the table is corrupt.</exception>
    public void Read(long firstRow, Span<PointingRow> destination)
    {
        int count = destination.Length;
        var antenna = new int[count];
        double[] time = new double[count], interval = new double[count];
        var tracking = new bool[count];
        _table.Column("ANTENNA_ID").Read(firstRow, count, antenna.AsSpan());
        _table.Column("TIME").Read(firstRow, count, time.AsSpan());
        _table.Column("INTERVAL").Read(firstRow, count, interval.AsSpan());
        if (_table.HasColumn("TRACKING"))
            _table.Column("TRACKING").Read(firstRow, count, tracking.AsSpan());
        float[] azimuth = Angles("AZIMUTH", firstRow, count), elevation = Angles("ELEVATION", firstRow, count), third = Angles("POLANGLE", firstRow, count);
        for (int i = 0; i < count; i++)
        {
            double[] direction = Direction("DIRECTION", firstRow + i)
                ?? throw new TableFormatException($"{_table.Path}: row {firstRow + i} of column DIRECTION holds no direction");
            double[] target = Direction("TARGET", firstRow + i) ?? [double.NaN, double.NaN];
            destination[i] = new PointingRow(
                antenna[i], time[i], interval[i], direction[0], direction[1], target[0], target[1], tracking[i], azimuth[i], elevation[i], third[i]);
        }
    }

    // The constant term of the polynomial comes first.
    double[]? Direction(string column, long row)
    {
        if (!_table.HasColumn(column))
            return null;
        double[] terms = _table.Column(column).ReadCell<double>(row);
        return terms.Length >= 2 ? terms : null;
    }

    float[] Angles(string column, long firstRow, int count)
    {
        var values = new float[count];
        if (!_table.HasColumn(column))
            Array.Fill(values, float.NaN);
        else if (_table.Column(column).Description.DataType == TableDataType.Float)
            _table.Column(column).Read(firstRow, count, values.AsSpan());
        else
            for (int i = 0; i < count; i++)
                values[i] = (float)_table.Column(column).ReadCell<double>(firstRow + i)[0];
        return values;
    }
}
