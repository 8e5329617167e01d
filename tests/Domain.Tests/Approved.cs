using System.Runtime.CompilerServices;

namespace Holoflow.Domain.Tests;

/// <summary>Compares a text with the approved file in shared/Domain.</summary>
static class Approved
{
    public static void Check(string file, string actual, [CallerFilePath] string caller = "")
    {
        var directory = Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "..", "shared", "Domain", Path.GetFileName(Path.GetDirectoryName(caller))!);
        var approved = Path.Combine(directory, file);
        if (File.Exists(approved) && File.ReadAllText(approved) == actual)
            return;
        var received = Path.ChangeExtension(approved.Replace(".approved.", ".received.", StringComparison.Ordinal), ".md");
        File.WriteAllText(received, actual);
        Assert.Fail($"{Path.GetFullPath(approved)} is not what the code says; see {Path.GetFileName(received)} beside it");
    }
}
