using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>The tables and columns of a MeasurementSet (CASA note 229): what the reader needs, and what the writer writes.</summary>
static class MeasurementSetSchema
{
    public const string Main = "MAIN";

    /// <summary>What reading needs; the other columns of the definition are read where they are.</summary>
    static readonly Dictionary<string, string[]> Needed = new(StringComparer.Ordinal)
    {
        [Main] =
        [
            "ANTENNA1", "ANTENNA2", "FEED1", "FEED2", "DATA_DESC_ID", "FIELD_ID", "SCAN_NUMBER", "TIME", "EXPOSURE", "INTERVAL", "UVW", "FLAG",
            "FLAG_ROW", "WEIGHT", "DATA",
        ],
        ["ANTENNA"] = ["NAME", "STATION", "POSITION", "DISH_DIAMETER"],
        ["DATA_DESCRIPTION"] = ["SPECTRAL_WINDOW_ID", "POLARIZATION_ID"],
        ["FEED"] = ["ANTENNA_ID", "FEED_ID", "SPECTRAL_WINDOW_ID", "BEAM_OFFSET", "POLARIZATION_TYPE", "RECEPTOR_ANGLE"],
        ["FIELD"] = ["NAME", "DELAY_DIR", "PHASE_DIR", "REFERENCE_DIR"],
        ["OBSERVATION"] = ["TELESCOPE_NAME"],
        ["POINTING"] = ["ANTENNA_ID", "TIME", "INTERVAL", "DIRECTION"],
        ["POLARIZATION"] = ["CORR_TYPE", "CORR_PRODUCT"],
        ["SPECTRAL_WINDOW"] = ["CHAN_FREQ", "CHAN_WIDTH", "REF_FREQUENCY"],
    };

    public static IEnumerable<string> NeededSubtables => Needed.Keys.Where(name => !string.Equals(name, Main, StringComparison.Ordinal));

    /// <summary>The columns of each table as they are written.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ColumnDescription>> Tables { get; } = new Dictionary<string, IReadOnlyList<ColumnDescription>>(StringComparer.Ordinal)
    {
        [Main] =
        [
            Fixed("UVW", 3, "m", "uvw", "J2000", "Vector with uvw coordinates (in meters)"),
            Array("FLAG", TableDataType.Bool, 2, "The data flags, array of bools with same shape as data"),
            Array("FLAG_CATEGORY", TableDataType.Bool, 3, "The flag category, NUM_CAT flags for each datum")
                with { Keywords = new TableKeywords().Add("CATEGORY", new TableArray([0], System.Array.Empty<string>())) },
            Array("WEIGHT", TableDataType.Float, 1, "Weight for each polarization spectrum"),
            Array("SIGMA", TableDataType.Float, 1, "Estimated rms noise for channel with unity bandpass response"),
            Int("ANTENNA1", "ID of first antenna in interferometer"),
            Int("ANTENNA2", "ID of second antenna in interferometer"),
            Int("ARRAY_ID", "ID of array or subarray"),
            Int("DATA_DESC_ID", "The data description table index"),
            Number("EXPOSURE", "s", "The effective integration time"),
            Int("FEED1", "The feed index for ANTENNA1"),
            Int("FEED2", "The feed index for ANTENNA2"),
            Int("FIELD_ID", "Unique id for this pointing"),
            Flag("FLAG_ROW", "Row flag - flag all data in this row if True"),
            Number("INTERVAL", "s", "The sampling interval"),
            Int("OBSERVATION_ID", "ID for this observation, index in OBSERVATION table"),
            Int("PROCESSOR_ID", "Id for backend processor, index in PROCESSOR table"),
            Int("SCAN_NUMBER", "Sequential scan number from on-line system"),
            Int("STATE_ID", "ID for this observing state"),
            Time("TIME", "Modified Julian Day"),
            Time("TIME_CENTROID", "Modified Julian Day"),
            Array("DATA", TableDataType.Complex, 2, "The data column"),
        ],
        ["ANTENNA"] =
        [
            Fixed("OFFSET", 3, "m", "position", "ITRF", "Axes offset of mount to FEED REFERENCE point"),
            Fixed("POSITION", 3, "m", "position", "ITRF", "Antenna X,Y,Z phase reference position"),
            Text("TYPE", "Antenna type (e.g. SPACE-BASED)"),
            Number("DISH_DIAMETER", "m", "Physical diameter of dish"),
            Flag("FLAG_ROW", "Flag for this row"),
            Text("MOUNT", "Mount type e.g. alt-az, equatorial, etc."),
            Text("NAME", "Antenna name, e.g. VLA22, CA03"),
            Text("STATION", "Station (antenna pad) name"),
        ],
        ["DATA_DESCRIPTION"] =
        [
            Flag("FLAG_ROW", "Flag this row"),
            Int("POLARIZATION_ID", "Pointer to polarization table"),
            Int("SPECTRAL_WINDOW_ID", "Pointer to spectralwindow table"),
        ],
        ["FEED"] =
        [
            Fixed("POSITION", 3, "m", "position", "ITRF", "Position of feed relative to feed reference position"),
            Directions("BEAM_OFFSET", "Beam position offset (on sky but in antennareference frame)"),
            Array("POLARIZATION_TYPE", TableDataType.String, 1, "Type of polarization to which a given RECEPTOR responds"),
            Array("POL_RESPONSE", TableDataType.Complex, 2, "D-matrix i.e. leakage between two receptors"),
            Array("RECEPTOR_ANGLE", TableDataType.Double, 1, "The reference angle for polarization") with { Keywords = Units("rad") },
            Int("ANTENNA_ID", "ID of antenna in this array"),
            Int("BEAM_ID", "Id for BEAM model"),
            Int("FEED_ID", "Feed id"),
            Number("INTERVAL", "s", "Interval for which this set of parameters is accurate"),
            Int("NUM_RECEPTORS", "Number of receptors on this feed (probably 1 or 2)"),
            Int("SPECTRAL_WINDOW_ID", "ID for this spectral window setup"),
            Time("TIME", "Midpoint of time for which this set of parameters is accurate"),
        ],
        ["FIELD"] =
        [
            Directions("DELAY_DIR", "Direction of delay center (e.g. RA, DEC) as polynomial in time."),
            Directions("PHASE_DIR", "Direction of phase center (e.g. RA, DEC)."),
            Directions("REFERENCE_DIR", "Direction of REFERENCE center (e.g. RA, DEC) as polynomial in time."),
            Text("CODE", "Special characteristics of field, e.g. Bandpass calibrator"),
            Flag("FLAG_ROW", "Row Flag"),
            Text("NAME", "Name of this field"),
            Int("NUM_POLY", "Polynomial order of _DIR columns"),
            Int("SOURCE_ID", "Source id"),
            Time("TIME", "Time origin for direction and rate"),
        ],
        ["FLAG_CMD"] =
        [
            Flag("APPLIED", "True if flag has been applied to main table"),
            Text("COMMAND", "Flagging command"),
            Number("INTERVAL", "s", "Time interval for which this flag is valid"),
            Int("LEVEL", "Flag level - revision level"),
            Text("REASON", "Flag reason"),
            Int("SEVERITY", "Severity code (0-10)"),
            Time("TIME", "Midpoint of interval for which this flag is valid"),
            Text("TYPE", "Type of flag (FLAG or UNFLAG)"),
        ],
        ["HISTORY"] =
        [
            Array("APP_PARAMS", TableDataType.String, 1, "Application parameters"),
            Array("CLI_COMMAND", TableDataType.String, 1, "CLI command sequence"),
            Text("APPLICATION", "Application name"),
            Text("MESSAGE", "Log message"),
            Int("OBJECT_ID", "Originating ObjectID"),
            Int("OBSERVATION_ID", "Observation id (index in OBSERVATION table)"),
            Text("ORIGIN", "(Source code) origin from which message originated"),
            Text("PRIORITY", "Message priority"),
            Time("TIME", "Timestamp of message"),
        ],
        ["OBSERVATION"] =
        [
            Fixed("TIME_RANGE", 2, "s", "epoch", "UTC", "Start and end of observation"),
            Array("LOG", TableDataType.String, 1, "Observing log"),
            Array("SCHEDULE", TableDataType.String, 1, "Observing schedule"),
            Flag("FLAG_ROW", "Row flag"),
            Text("OBSERVER", "Name of observer(s)"),
            Text("PROJECT", "Project identification string"),
            Time("RELEASE_DATE", "Release date when data becomes public"),
            Text("SCHEDULE_TYPE", "Observing schedule type"),
            Text("TELESCOPE_NAME", "Telescope Name (e.g. WSRT, VLBA)"),
        ],
        ["POINTING"] =
        [
            Fixed("DIRECTION", [2, 1], "rad", "direction", "J2000", "Antenna pointing direction as polynomial in time"),
            Int("ANTENNA_ID", "Antenna Id"),
            Number("INTERVAL", "s", "Time interval"),
            Text("NAME", "Pointing position name"),
            Int("NUM_POLY", "Series order"),
            Fixed("TARGET", [2, 1], "rad", "direction", "J2000", "target direction as polynomial in time"),
            Time("TIME", "Time interval midpoint"),
            Time("TIME_ORIGIN", "Time origin for direction"),
            Flag("TRACKING", "Tracking flag - True if on position"),
            Angle("AZIMUTH", "Actual azimuth angle"),
            Angle("ELEVATION", "Actual elevation angle"),
            Angle("POLANGLE", "Actual polarisation angle"),
        ],
        ["POLARIZATION"] =
        [
            Array("CORR_TYPE", TableDataType.Int, 1, "The polarization type for each correlation product, as a Stokes enum."),
            Array("CORR_PRODUCT", TableDataType.Int, 2, "Indices describing receptors of feed going into correlation"),
            Flag("FLAG_ROW", "Row flag"),
            Int("NUM_CORR", "Number of correlation products"),
        ],
        ["PROCESSOR"] =
        [
            Flag("FLAG_ROW", "flag"),
            Int("MODE_ID", "Processor mode id"),
            Text("TYPE", "Processor type"),
            Int("TYPE_ID", "Processor type id"),
            Text("SUB_TYPE", "Processor sub type"),
        ],
        ["SPECTRAL_WINDOW"] =
        [
            Int("MEAS_FREQ_REF", "Frequency Measure reference"),
            Array("CHAN_FREQ", TableDataType.Double, 1, "Center frequencies for each channel in the data matrix") with { Keywords = Frequency() },
            Number("REF_FREQUENCY", "Hz", "The reference frequency") with { Keywords = Frequency() },
            Array("CHAN_WIDTH", TableDataType.Double, 1, "Channel width for each channel") with { Keywords = Units("Hz") },
            Array("EFFECTIVE_BW", TableDataType.Double, 1, "Effective noise bandwidth of each channel") with { Keywords = Units("Hz") },
            Array("RESOLUTION", TableDataType.Double, 1, "The effective noise bandwidth for each channel") with { Keywords = Units("Hz") },
            Flag("FLAG_ROW", "Row flag"),
            Int("FREQ_GROUP", "Frequency group"),
            Text("FREQ_GROUP_NAME", "Frequency group name"),
            Int("IF_CONV_CHAIN", "The IF conversion chain number"),
            Text("NAME", "Spectral window name"),
            Int("NET_SIDEBAND", "Net sideband"),
            Int("NUM_CHAN", "Number of spectral channels"),
            Number("TOTAL_BANDWIDTH", "Hz", "The total bandwidth for this window"),
        ],
        ["STATE"] =
        [
            Number("CAL", "K", "Noise calibration temperature"),
            Flag("FLAG_ROW", "Row flag"),
            Number("LOAD", "K", "Load temperature"),
            Text("OBS_MODE", "Observing mode, e.g., OFF_SPECTRUM"),
            Flag("REF", "True for a reference observation"),
            Flag("SIG", "True for a source observation"),
            Int("SUB_SCAN", "Sub scan number, relative to scan number"),
        ],
    };

    /// <summary>What of the needed columns a table lacks or has with another type.</summary>
    public static IEnumerable<string> Problems(string name, CasaTable table)
    {
        foreach (string column in Needed[name])
        {
            TableDataType expected = Tables[name].First(c => string.Equals(c.Name, column, StringComparison.Ordinal)).DataType;
            if (!table.HasColumn(column))
                yield return $"the table {name} lacks the column {column}";
            else if (table.Column(column).Description.DataType != expected)
                yield return $"the column {column} of {name} holds values of type {table.Column(column).Description.DataType}, not {expected}";
        }
    }

    static ColumnDescription Scalar(string name, TableDataType type, string comment, TableKeywords? keywords = null) =>
        new(name, type, false, 0, null, false, 0, "StandardStMan", "StandardStMan", comment, keywords ?? new TableKeywords());

    static ColumnDescription Array(string name, TableDataType type, int axes, string comment) =>
        new(name, type, true, axes, null, false, 0, "StandardStMan", "StandardStMan", comment, new TableKeywords());

    static ColumnDescription Fixed(string name, long length, string unit, string measure, string reference, string comment) =>
        Fixed(name, [length], unit, measure, reference, comment);

    static ColumnDescription Fixed(string name, long[] shape, string unit, string measure, string reference, string comment) =>
        Array(name, TableDataType.Double, shape.Length, comment)
            with { FixedShape = shape, IsDirect = true, Keywords = Measure(measure, reference, [.. Enumerable.Repeat(unit, (int)shape[0])]) };

    static ColumnDescription Int(string name, string comment) => Scalar(name, TableDataType.Int, comment);

    static ColumnDescription Flag(string name, string comment) => Scalar(name, TableDataType.Bool, comment);

    static ColumnDescription Text(string name, string comment) => Scalar(name, TableDataType.String, comment);

    static ColumnDescription Number(string name, string unit, string comment) => Scalar(name, TableDataType.Double, comment, Units(unit));

    static ColumnDescription Angle(string name, string comment) => Scalar(name, TableDataType.Float, comment, new TableKeywords().Add("unit", "deg"));

    static ColumnDescription Time(string name, string comment) => Scalar(name, TableDataType.Double, comment, Measure("epoch", "UTC", "s"));

    static ColumnDescription Directions(string name, string comment) =>
        Array(name, TableDataType.Double, 2, comment) with { Keywords = Measure("direction", "J2000", "rad", "rad") };

    static TableKeywords Units(params string[] units) => new TableKeywords().Add("QuantumUnits", new TableArray([units.Length], units));

    static TableKeywords Measure(string type, string reference, params string[] units) =>
        Units(units).Add("MEASINFO", new TableKeywords().Add("type", type).Add("Ref", reference));

    // The frame of a frequency is a column of its own: casacore's codes and their names.
    static TableKeywords Frequency()
    {
        string[] frames = ["REST", "LSRK", "LSRD", "BARY", "GEO", "TOPO", "GALACTO", "LGROUP", "CMB", "Undefined"];
        int[] codes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 64];
        return Units("Hz").Add("MEASINFO", new TableKeywords().Add("type", "frequency").Add("VarRefCol", "MEAS_FREQ_REF")
            .Add("TabRefTypes", new TableArray([frames.Length], frames)).Add("TabRefCodes", new TableArray([codes.Length], codes)));
    }
}
