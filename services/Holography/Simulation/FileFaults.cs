namespace Holoflow.HolographyFlow.Simulation;

/// <summary>Faults in the files of a MeasurementSet that was written whole.</summary>
static class FileFaults
{
    const long KeptBytes = 32 * 1024;

    public static void Apply(SimulatedObservation observation, int beam, string path)
    {
        if (observation.Has(SimulatedFault.TruncatedData, beam))
            CutTiles(path);
        if (observation.Has(SimulatedFault.MissingSubtable, beam))
            Directory.Delete(Path.Combine(path, "ANTENNA"), recursive: true);
        if (observation.Has(SimulatedFault.BadMagic, beam))
            Overwrite(Path.Combine(path, "table.dat"));
        if (observation.Has(SimulatedFault.DuplicateBeam, beam))
            Copy(path, Path.Combine(Path.GetDirectoryName(path)!, $"copy_{beam}.ms"));
        if (observation.Has(SimulatedFault.MissingBeam, beam))
            Directory.Delete(path, recursive: true);
    }

    static void CutTiles(string path)
    {
        foreach (var tiles in new DirectoryInfo(path).GetFiles("table.f*_TSM*"))
        {
            using var file = tiles.Open(FileMode.Open, FileAccess.Write);
            file.SetLength(Math.Min(tiles.Length, KeptBytes));
        }
    }

    static void Overwrite(string path)
    {
        using var file = File.OpenWrite(path);
        file.Write("no table"u8);
    }

    static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
