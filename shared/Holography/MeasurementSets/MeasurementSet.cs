using Holoflow.Holography.Tables;

namespace Holoflow.Holography.MeasurementSets;

/// <summary>
/// A MeasurementSet of version 2 opened for reading (CASA note 229, "MeasurementSet definition version 2.0", Kemball and Wieringa
/// 2000). The small subtables are held; main and pointing rows are read by ranges.
/// </summary>
public sealed class MeasurementSet : IDisposable
{
    readonly Dictionary<string, CasaTable> _tables;

    MeasurementSet(string path, Dictionary<string, CasaTable> tables)
    {
        Path = path;
        _tables = tables;
        var reader = new SubtableReader(tables);
        Antennas = reader.Antennas();
        Feeds = reader.Feeds();
        Fields = reader.Fields();
        SpectralWindows = reader.SpectralWindows();
        Polarizations = reader.Polarizations();
        DataDescriptions = reader.DataDescriptions();
        Observations = reader.Observations();
        Main = new MainTable(tables[MeasurementSetSchema.Main]);
        Pointing = new PointingTable(tables["POINTING"]);
    }

    public string Path { get; }

    /// <summary>By antenna id.</summary>
    public IReadOnlyList<Antenna> Antennas { get; }

    public IReadOnlyList<Feed> Feeds { get; }

    /// <summary>By field id.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>By spectral window id.</summary>
    public IReadOnlyList<SpectralWindow> SpectralWindows { get; }

    /// <summary>By polarisation id.</summary>
    public IReadOnlyList<Polarization> Polarizations { get; }

    /// <summary>By data description id.</summary>
    public IReadOnlyList<DataDescription> DataDescriptions { get; }

    public IReadOnlyList<Observation> Observations { get; }

    public MainTable Main { get; }

    public PointingTable Pointing { get; }

    /// <summary>Opens and validates a MeasurementSet.</summary>
    /// <exception cref="MeasurementSetException">Tables or columns are missing, of the wrong type, truncated or corrupt; the message lists all of them.</exception>
    public static MeasurementSet Open(string path)
    {
        var problems = new List<string>();
        Dictionary<string, CasaTable> tables = OpenTables(path, problems);
        try
        {
            if (problems.Count > 0)
                throw new MeasurementSetException(path, problems);
            return new MeasurementSet(path, tables);
        }
        catch (TableFormatException failure)
        {
            Close(tables);
            throw new MeasurementSetException(path, [failure.Message]);
        }
        catch
        {
            Close(tables);
            throw;
        }
    }

    public void Dispose() => Close(_tables);

    static void Close(Dictionary<string, CasaTable> tables)
    {
        foreach (CasaTable table in tables.Values)
            table.Dispose();
    }

    static Dictionary<string, CasaTable> OpenTables(string path, List<string> problems)
    {
        var tables = new Dictionary<string, CasaTable>(StringComparer.Ordinal);
        CasaTable? main = TryOpen(path, MeasurementSetSchema.Main, tables, problems);
        if (main is null)
            return tables;
        if (main.Keywords["MS_VERSION"] is float version && version is < 2 or >= 3)
            problems.Add($"it is of version {version}; only version 2 is supported");
        foreach (string name in MeasurementSetSchema.NeededSubtables)
        {
            if (main.SubtablePath(name) is { } subtable)
                TryOpen(subtable, name, tables, problems);
            else
                problems.Add($"the subtable {name} is missing");
        }
        return tables;
    }

    static CasaTable? TryOpen(string path, string name, Dictionary<string, CasaTable> tables, List<string> problems)
    {
        try
        {
            CasaTable table = CasaTable.Open(path);
            tables[name] = table;
            problems.AddRange(MeasurementSetSchema.Problems(name, table));
            return table;
        }
        catch (TableFormatException failure)
        {
            problems.Add(failure.Message);
            return null;
        }
    }
}
