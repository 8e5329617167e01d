namespace Holoflow.HolographyFlow.Observations;

/// <summary>Where an observation's files lie: everything under <c>workdir/sbid</c>.</summary>
/// <param name="Root">That folder: the MeasurementSets and the scheduling block lie in it.</param>
sealed record Workspace(string Root)
{
    public static Workspace Of(string workdir, long sbid) => new(Path.Combine(Path.GetFullPath(workdir), sbid.ToString()));

    public string Manifest => Path.Combine(Root, "manifest.json");

    public string SchedulingBlock => Path.Combine(Root, Observations.SchedulingBlock.FileName);

    /// <summary>Files between tasks.</summary>
    public string Intermediate => Path.Combine(Root, "intermediate");

    public string Products => Path.Combine(Root, "products");

    public string Reports => Path.Combine(Root, "reports");

    public string Raster => Path.Combine(Intermediate, "raster.fits");

    public string Announcements => Path.Combine(Root, "announcements.jsonl");

    /// <summary>A beam's file of one stage, e.g. <c>volt.b07.fits</c>.</summary>
    public string BeamFile(string stage, int beam) => Path.Combine(Intermediate, $"{stage}.b{beam:00}.fits");

    /// <summary>Report of one MeasurementSet; two of the same beam differ in name.</summary>
    public string Report(string measurementSet) => Path.Combine(Reports, $"{Path.GetFileNameWithoutExtension(measurementSet)}.report.json");
}
