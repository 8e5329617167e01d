namespace Holoflow.Holography.Tests.Judges;

/// <summary>HEASARC's fitsverify as a judge: no error and no warning.</summary>
static class FitsVerify
{
    public static async Task AssertClean(string path, CancellationToken cancellationToken)
    {
        string report = await PythonJudge.Command("fitsverify", ["-q", path], cancellationToken);
        Assert.StartsWith("verification OK", report, StringComparison.Ordinal);
    }
}
