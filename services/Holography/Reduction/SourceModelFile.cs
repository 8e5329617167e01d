using Holoflow.Holography.Averaging;
using Holoflow.Holography.Raster;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>One component in a source model's file.</summary>
sealed record SourceModelComponent(
    double OffsetEastArcsec, double OffsetNorthArcsec, double FluxJansky, double SpectralIndex = 0, double MajorArcsec = 0, double MinorArcsec = 0, double PositionAngleDegrees = 0);

/// <summary>A source model's file: JSON with the components of a resolved source.</summary>
sealed record SourceModelFile(double ReferenceFrequencyMegahertz, SourceModelComponent[] Components)
{
    const double Arcsec = Math.PI / 180 / 3600;

    /// <summary>What is wrong with a file that exists; nothing where there is none.</summary>
    public static IReadOnlyList<string> Mistakes(string? path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            _ = Read(path);
            return [];
        }
        catch (InputException e)
        {
            return e.Mistakes;
        }
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InputException">The file is missing, or holds no finite components.</exception>
    public static SourceModel Read(string path)
    {
        var file = FlowJson.Read<SourceModelFile>(path);
        try
        {
            return new SourceModel(
                (file.Components ?? []).Select(c => new SourceComponent(
                    new SkyOffset(c.OffsetEastArcsec * Arcsec, c.OffsetNorthArcsec * Arcsec), c.FluxJansky, c.SpectralIndex, c.MajorArcsec * Arcsec, c.MinorArcsec * Arcsec,
                    Angles.Radians(c.PositionAngleDegrees))),
                file.ReferenceFrequencyMegahertz * 1e6);
        }
        catch (ArgumentException e)
        {
            throw new InputException([$"{path}: {e.Message}"]);
        }
    }
}
