using System.IO.Compression;

namespace Holoflow.Holography.Tests.Judges;

/// <summary>The real files that lie in the Data folder of this project.</summary>
static class RealData
{
    public static string Folder { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Data");

    /// <summary>Unpacks the cut ASKAP MeasurementSet and returns its path.</summary>
    public static string UnpackMeasurementSet(TemporaryFolder folder)
    {
        ZipFile.ExtractToDirectory(System.IO.Path.Combine(Folder, "askap-SB39400-beam0-small.ms.zip"), folder.Path);
        return folder.File("SB39400.RACS_0635-31.beam0.small.ms");
    }

    /// <summary>Unpacks the three cut holography cubes and returns their paths, in order of name.</summary>
    public static string[] UnpackCubes(TemporaryFolder folder)
    {
        ZipFile.ExtractToDirectory(System.IO.Path.Combine(Folder, "askap-holography-cube-headers.zip"), folder.Path);
        return [.. Directory.GetFiles(folder.Path, "*.fits").Order(StringComparer.Ordinal)];
    }
}
