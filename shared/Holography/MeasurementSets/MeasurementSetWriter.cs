using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>
/// Writes a MeasurementSet of version 2, block of main rows by block: what is held does not grow with it. DATA, FLAG, WEIGHT and SIGMA
/// are tiled, everything else is in standard storage managers. Until <see cref="Complete"/> the folder is no MeasurementSet.
/// </summary>
public sealed class MeasurementSetWriter : IDisposable
{
    const int MainRowsPerBucket = 256;
    static readonly string[] TiledColumns = ["DATA", "FLAG", "WEIGHT", "SIGMA"];
    readonly MeasurementSetContents _contents;
    readonly string _path;
    readonly TableWriter _main;
    readonly TableWriter _pointing;

    MeasurementSetWriter(string path, MeasurementSetContents contents)
    {
        _path = path;
        _contents = contents;
        _main = TableWriter.Create(path, MainColumns(), MainKeywords(), contents.ByteOrder, MainRowsPerBucket, "Measurement Set");
        try
        {
            _pointing = Subtable("POINTING");
        }
        catch
        {
            _main.Dispose();
            throw;
        }
    }

    /// <summary>Creates the MeasurementSet's folder, which must not exist.</summary>
    /// <exception cref="IOException">It exists, or cannot be made.</exception>
    public static MeasurementSetWriter Create(string path, MeasurementSetContents contents) => new(path, contents);

    /// <summary>Appends main rows.</summary>
    /// <param name="rows">The rows' indices, times and coordinates.</param>
    /// <param name="data">Visibilities, [row][channel][correlation], of the shape that each row's data description gives.</param>
    /// <param name="flags">Flags, [row][channel][correlation]; true is bad.</param>
    /// <param name="weights">Weights, [row][correlation]; SIGMA is 1 / sqrt(weight), or 0 for no weight.</param>
    /// <exception cref="ArgumentException">A buffer's length is not what the rows need, or rows differ in data description.</exception>
    public void Append(MainRows rows, ReadOnlySpan<ComplexSingle> data, ReadOnlySpan<bool> flags, ReadOnlySpan<float> weights)
    {
        int count = rows.Count;
        if (count == 0)
            return;
        (int channels, int correlations) = Shape(rows);
        Check(nameof(data), data.Length, count * channels * correlations);
        Check(nameof(flags), flags.Length, count * channels * correlations);
        Check(nameof(weights), weights.Length, count * correlations);
        PutIndices(rows, count);
        _main.PutCells("DATA", [correlations, channels], data);
        _main.PutCells("FLAG", [correlations, channels], flags);
        _main.PutCells("WEIGHT", [correlations], weights);
        var sigma = new float[weights.Length];
        for (int i = 0; i < sigma.Length; i++)
            sigma[i] = weights[i] > 0 ? 1 / MathF.Sqrt(weights[i]) : 0;
        _main.PutCells<float>("SIGMA", [correlations], sigma);
    }

    /// <summary>Appends pointing rows, [row]; an angle (rad) that is NaN is written so.</summary>
    public void AppendPointing(ReadOnlySpan<PointingRow> rows)
    {
        foreach (ref readonly PointingRow row in rows)
        {
            _pointing.Put("DIRECTION", [row.RightAscension, row.Declination]);
            _pointing.Put("ANTENNA_ID", [row.AntennaId]);
            _pointing.Put("INTERVAL", [row.Interval]);
            _pointing.PutString("NAME", "");
            _pointing.Put("NUM_POLY", [0]);
            _pointing.Put("TARGET", [row.TargetRightAscension, row.TargetDeclination]);
            _pointing.Put("TIME", [row.Time]);
            _pointing.Put("TIME_ORIGIN", [row.Time]);
            _pointing.Put("TRACKING", [row.Tracking]);
            _pointing.Put("AZIMUTH", [row.Azimuth]);
            _pointing.Put("ELEVATION", [row.Elevation]);
            _pointing.Put("POLANGLE", [row.PolarizationAngle]);
        }
    }

    /// <summary>Writes the subtables, then the main table's directory: from here on the folder is a MeasurementSet.</summary>
    public void Complete()
    {
        _pointing.Complete();
        foreach (string name in MeasurementSetSchema.Tables.Keys.Except([MeasurementSetSchema.Main, "POINTING"], StringComparer.Ordinal))
        {
            using TableWriter table = Subtable(name);
            SubtableWriter.Fill(table, name, _contents);
            table.Complete();
        }
        _main.Complete();
    }

    public void Dispose()
    {
        _main.Dispose();
        _pointing.Dispose();
    }

    static void Check(string buffer, int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException($"The rows need {expected} values and {buffer} holds {length}.", buffer);
    }

    static IEnumerable<ColumnDescription> MainColumns() => MeasurementSetSchema.Tables[MeasurementSetSchema.Main].Select(column =>
        TiledColumns.Contains(column.Name, StringComparer.Ordinal)
            ? column with { ManagerType = "TiledShapeStMan", ManagerGroup = $"Tiled{column.Name}" }
            : column);

    static TableKeywords MainKeywords()
    {
        var keywords = new TableKeywords().Add("MS_VERSION", 2.0f);
        foreach (string name in MeasurementSetSchema.Tables.Keys.Except([MeasurementSetSchema.Main], StringComparer.Ordinal))
            keywords.Add(name, new TableReference($"././{name}"));
        return keywords;
    }

    TableWriter Subtable(string name) =>
        TableWriter.Create(Path.Combine(_path, name), MeasurementSetSchema.Tables[name], order: _contents.ByteOrder);

    (int Channels, int Correlations) Shape(MainRows rows)
    {
        int id = rows.DataDescriptionId[0];
        if (rows.DataDescriptionId.AsSpan(0, rows.Count).ContainsAnyExcept(id))
            throw new ArgumentException("The rows of one block must have one data description; append them apart.", nameof(rows));
        if (id < 0 || id >= _contents.DataDescriptions.Count)
            throw new ArgumentException($"The rows name data description {id}; there are {_contents.DataDescriptions.Count}.", nameof(rows));
        DataDescription description = _contents.DataDescriptions[id];
        return (_contents.SpectralWindows[description.SpectralWindowId].ChannelFrequency.Length,
            _contents.Polarizations[description.PolarizationId].CorrelationTypes.Length);
    }

    void PutIndices(MainRows rows, int count)
    {
        _main.Put<int>("ANTENNA1", rows.Antenna1.AsSpan(0, count));
        _main.Put<int>("ANTENNA2", rows.Antenna2.AsSpan(0, count));
        _main.Put<int>("FEED1", rows.Feed1.AsSpan(0, count));
        _main.Put<int>("FEED2", rows.Feed2.AsSpan(0, count));
        _main.Put<int>("DATA_DESC_ID", rows.DataDescriptionId.AsSpan(0, count));
        _main.Put<int>("FIELD_ID", rows.FieldId.AsSpan(0, count));
        _main.Put<int>("SCAN_NUMBER", rows.ScanNumber.AsSpan(0, count));
        _main.Put<int>("STATE_ID", rows.StateId.AsSpan(0, count));
        _main.Put<int>("OBSERVATION_ID", rows.ObservationId.AsSpan(0, count));
        _main.Put<int>("ARRAY_ID", rows.ArrayId.AsSpan(0, count));
        _main.Put<int>("PROCESSOR_ID", rows.ProcessorId.AsSpan(0, count));
        _main.Put<double>("TIME", rows.Time.AsSpan(0, count));
        _main.Put<double>("TIME_CENTROID", rows.TimeCentroid.AsSpan(0, count));
        _main.Put<double>("EXPOSURE", rows.Exposure.AsSpan(0, count));
        _main.Put<double>("INTERVAL", rows.Interval.AsSpan(0, count));
        _main.Put<double>("UVW", rows.Uvw.AsSpan(0, 3 * count));
        _main.Put<bool>("FLAG_ROW", rows.FlagRow.AsSpan(0, count));
        _main.PutEmpty("FLAG_CATEGORY", count);
    }
}
