using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>
/// The main rows of an open MeasurementSet, read by ranges of rows into the caller's buffers: what is held does not grow with the
/// MeasurementSet. Reads may come from any thread.
/// </summary>
public sealed class MainTable
{
    readonly CasaTable _table;

    internal MainTable(CasaTable table) => _table = table;

    public long RowCount => _table.RowCount;

    /// <summary>Whether the MAIN table names the column, e.g. DATA or CORRECTED_DATA.</summary>
    public bool HasColumn(string name) => _table.HasColumn(name);

    /// <summary>The number of channels and correlations of a row's visibilities.</summary>
    /// <exception cref="TableFormatException">The row holds none.</exception>
    public (int Channels, int Correlations) CellShape(long row, string column = "DATA")
    {
        IReadOnlyList<long>? shape = _table.Column(column).Shape(row);
        return shape is { Count: 2 }
            ? ((int)shape[1], (int)shape[0])
            : throw new TableFormatException($"{_table.Path}: row {row} of column {column} holds no visibilities (correlations by channels)");
    }

    /// <summary>
    /// Reads everything but visibilities, flags and weights. Columns that the MeasurementSet lacks (STATE_ID, OBSERVATION_ID,
    /// ARRAY_ID, PROCESSOR_ID, TIME_CENTROID) are filled with 0, with TIME for the last. Times in s (modified Julian), UVW in m.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The buffers have room for fewer rows, or the table has fewer.</exception>
    /// <exception cref="TableFormatException">A column is of another type or of a data manager that is not supported, or its file is corrupt.</exception>
    public void Read(long firstRow, int rowCount, MainRows rows)
    {
        if (rowCount > rows.Capacity)
            throw new ArgumentOutOfRangeException(nameof(rowCount), rowCount, $"The buffers have room for {rows.Capacity} rows.");
        Fill("ANTENNA1", firstRow, rows.Antenna1.AsSpan(0, rowCount));
        Fill("ANTENNA2", firstRow, rows.Antenna2.AsSpan(0, rowCount));
        Fill("FEED1", firstRow, rows.Feed1.AsSpan(0, rowCount));
        Fill("FEED2", firstRow, rows.Feed2.AsSpan(0, rowCount));
        Fill("DATA_DESC_ID", firstRow, rows.DataDescriptionId.AsSpan(0, rowCount));
        Fill("FIELD_ID", firstRow, rows.FieldId.AsSpan(0, rowCount));
        Fill("SCAN_NUMBER", firstRow, rows.ScanNumber.AsSpan(0, rowCount));
        Fill("STATE_ID", firstRow, rows.StateId.AsSpan(0, rowCount));
        Fill("OBSERVATION_ID", firstRow, rows.ObservationId.AsSpan(0, rowCount));
        Fill("ARRAY_ID", firstRow, rows.ArrayId.AsSpan(0, rowCount));
        Fill("PROCESSOR_ID", firstRow, rows.ProcessorId.AsSpan(0, rowCount));
        Fill("TIME", firstRow, rows.Time.AsSpan(0, rowCount));
        Fill("EXPOSURE", firstRow, rows.Exposure.AsSpan(0, rowCount));
        Fill("INTERVAL", firstRow, rows.Interval.AsSpan(0, rowCount));
        Fill("FLAG_ROW", firstRow, rows.FlagRow.AsSpan(0, rowCount));
        if (HasColumn("TIME_CENTROID"))
            Fill("TIME_CENTROID", firstRow, rows.TimeCentroid.AsSpan(0, rowCount));
        else
            rows.Time.AsSpan(0, rowCount).CopyTo(rows.TimeCentroid);
        _table.Column("UVW").Read(firstRow, rowCount, rows.Uvw.AsSpan(0, 3 * rowCount));
        rows.Count = rowCount;
    }

    /// <summary>Reads visibilities, [row][channel][correlation].</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rowCount">How many rows; all must have the same shape.</param>
    /// <param name="destination">Receives [row][channel][correlation], Jy where the MeasurementSet is calibrated in flux.</param>
    /// <param name="column">DATA, CORRECTED_DATA or MODEL_DATA.</param>
    /// <exception cref="ArgumentException">The buffer is of another length.</exception>
    /// <exception cref="TableFormatException">Rows differ in shape, or the column's file is corrupt.</exception>
    public void ReadData(long firstRow, int rowCount, Span<ComplexSingle> destination, string column = "DATA") =>
        _table.Column(column).Read(firstRow, rowCount, destination);

    /// <summary>Reads flags, [row][channel][correlation]; true is bad.</summary>
    /// <exception cref="TableFormatException">The flags have another shape than DATA.</exception>
    public void ReadFlags(long firstRow, int rowCount, Span<bool> destination)
    {
        if (rowCount > 0 && CellShape(firstRow, "FLAG") != CellShape(firstRow))
            throw new TableFormatException($"{_table.Path}: row {firstRow}: FLAG has shape {CellShape(firstRow, "FLAG")} and DATA {CellShape(firstRow)}");
        _table.Column("FLAG").Read(firstRow, rowCount, destination);
    }

    /// <summary>Reads WEIGHT (or SIGMA), [row][correlation].</summary>
    /// <exception cref="TableFormatException">There are not as many as DATA has correlations.</exception>
    public void ReadWeights(long firstRow, int rowCount, Span<float> destination, string column = "WEIGHT")
    {
        if (rowCount > 0 && _table.Column(column).Shape(firstRow) is var shape && (shape is not { Count: 1 } || shape[0] != CellShape(firstRow).Correlations))
            throw new TableFormatException($"{_table.Path}: row {firstRow}: {column} has shape {Shapes.Text(shape ?? [])} and DATA {CellShape(firstRow).Correlations} correlations");
        _table.Column(column).Read(firstRow, rowCount, destination);
    }

    void Fill<T>(string column, long firstRow, Span<T> destination)
        where T : unmanaged
    {
        if (HasColumn(column))
            _table.Column(column).Read(firstRow, destination.Length, destination);
        else
            destination.Clear();
    }
}
