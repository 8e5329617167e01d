using Holoflow.HolographyFlow.Admission;
using Holoflow.HolographyFlow.Products;

namespace Holoflow.HolographyFlow.Flows;

/// <summary>A finished run: what a person, or the flow that asked for it, wants to know.</summary>
/// <param name="Folder">Where the products lie.</param>
/// <param name="Files">The products, cube first.</param>
/// <param name="IsComplete">Whether every expected beam is in them.</param>
/// <param name="MissingBeams">Those that are not.</param>
/// <param name="Quality">pass, warn or fail, by qa.json.</param>
/// <param name="Installed">What was put where.</param>
sealed record HolographyResult(string Folder, string[] Files, bool IsComplete, int[] MissingBeams, string Quality, InstalledProduct[] Installed);

/// <summary>The paths of an observation's products.</summary>
static class ProductFiles
{
    public static ProductNames Names(ReductionPlan plan) =>
        new(plan.Manifest.Footprint.Name, plan.Manifest.Footprint.PitchDegrees, plan.CentreFrequencyHz, plan.Manifest.SchedulingBlockId);

    public static string PathOf(ReductionPlan plan, string name)
    {
        Directory.CreateDirectory(plan.Workspace.Products);
        return Path.Combine(plan.Workspace.Products, name);
    }
}
