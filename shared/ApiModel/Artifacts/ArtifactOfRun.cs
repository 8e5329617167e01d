namespace Holoflow.ApiModel.Artifacts;

/// <summary>An artifact among those of many runs.</summary>
/// <param name="Artifact">The artifact.</param>
/// <param name="FlowName">The flow of its run.</param>
/// <param name="RunName">The name of its run.</param>
public sealed record ArtifactOfRun(ArtifactRow Artifact, string FlowName, string RunName);
