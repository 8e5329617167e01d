using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>Reads the small subtables into records.</summary>
sealed class SubtableReader(Dictionary<string, CasaTable> tables)
{
    public Antenna[] Antennas() => Rows("ANTENNA", (table, row) => new Antenna(
        table.Column("NAME").ReadString(row),
        table.Column("STATION").ReadString(row),
        Text(table, "TYPE", row),
        Text(table, "MOUNT", row),
        table.Column("POSITION").ReadCell<double>(row),
        table.HasColumn("OFFSET") ? table.Column("OFFSET").ReadCell<double>(row) : [0, 0, 0],
        Value<double>(table, "DISH_DIAMETER", row),
        Value<bool>(table, "FLAG_ROW", row)));

    public Feed[] Feeds() => Rows("FEED", (table, row) => new Feed(
        Value<int>(table, "ANTENNA_ID", row),
        Value<int>(table, "FEED_ID", row),
        Value<int>(table, "SPECTRAL_WINDOW_ID", row),
        Value<double>(table, "TIME", row),
        Value<double>(table, "INTERVAL", row),
        Value<int>(table, "BEAM_ID", row),
        table.Column("BEAM_OFFSET").ReadCell<double>(row),
        table.Column("POLARIZATION_TYPE").ReadStrings(row),
        table.HasColumn("POL_RESPONSE") ? table.Column("POL_RESPONSE").ReadCell<ComplexSingle>(row) : [],
        table.HasColumn("POSITION") ? table.Column("POSITION").ReadCell<double>(row) : [0, 0, 0],
        table.Column("RECEPTOR_ANGLE").ReadCell<double>(row)));

    public Field[] Fields() => Rows("FIELD", (table, row) => new Field(
        table.Column("NAME").ReadString(row),
        Text(table, "CODE", row),
        Value<double>(table, "TIME", row),
        Direction(table, "DELAY_DIR", row),
        Direction(table, "PHASE_DIR", row),
        Direction(table, "REFERENCE_DIR", row),
        Value<int>(table, "SOURCE_ID", row),
        Value<bool>(table, "FLAG_ROW", row)));

    public SpectralWindow[] SpectralWindows() => Rows("SPECTRAL_WINDOW", (table, row) => new SpectralWindow(
        Text(table, "NAME", row),
        table.Column("CHAN_FREQ").ReadCell<double>(row),
        table.Column("CHAN_WIDTH").ReadCell<double>(row),
        Value<double>(table, "REF_FREQUENCY", row),
        Value<double>(table, "TOTAL_BANDWIDTH", row),
        Value<int>(table, "MEAS_FREQ_REF", row),
        Value<bool>(table, "FLAG_ROW", row)));

    public Polarization[] Polarizations() => Rows("POLARIZATION", (table, row) => new Polarization(
        table.Column("CORR_TYPE").ReadCell<int>(row),
        table.Column("CORR_PRODUCT").ReadCell<int>(row),
        Value<bool>(table, "FLAG_ROW", row)));

    public DataDescription[] DataDescriptions() => Rows("DATA_DESCRIPTION", (table, row) => new DataDescription(
        Value<int>(table, "SPECTRAL_WINDOW_ID", row), Value<int>(table, "POLARIZATION_ID", row), Value<bool>(table, "FLAG_ROW", row)));

    public Observation[] Observations() => Rows("OBSERVATION", (table, row) =>
    {
        double[] range = table.HasColumn("TIME_RANGE") ? table.Column("TIME_RANGE").ReadCell<double>(row) : [0, 0];
        return new Observation(
            table.Column("TELESCOPE_NAME").ReadString(row),
            Text(table, "OBSERVER", row),
            Text(table, "PROJECT", row),
            range[0],
            range[1],
            Text(table, "SCHEDULE_TYPE", row),
            table.HasColumn("SCHEDULE") ? table.Column("SCHEDULE").ReadStrings(row) : [],
            table.HasColumn("LOG") ? table.Column("LOG").ReadStrings(row) : [],
            Value<double>(table, "RELEASE_DATE", row),
            Value<bool>(table, "FLAG_ROW", row));
    });

    T[] Rows<T>(string name, Func<CasaTable, long, T> read)
    {
        // The count may be damaged: rows grow as they are found, and the first that is not there says so.
        CasaTable table = tables[name];
        var rows = new List<T>();
        for (long row = 0; row < table.RowCount; row++)
            rows.Add(read(table, row));
        return [.. rows];
    }

    static double[] Direction(CasaTable table, string column, long row)
    {
        double[] terms = table.Column(column).ReadCell<double>(row);
        return terms.Length >= 2 ? terms[..2] : throw new TableFormatException($"{table.Path}: row {row} of column {column} holds no direction");
    }

    static string Text(CasaTable table, string column, long row) => table.HasColumn(column) ? table.Column(column).ReadString(row) : "";

    static T Value<T>(CasaTable table, string column, long row)
        where T : unmanaged => table.HasColumn(column) ? table.Column(column).ReadCell<T>(row)[0] : default;
}
