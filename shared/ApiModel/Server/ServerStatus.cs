using Holoflow.ApiModel.Tokens;

namespace Holoflow.ApiModel.Server;

/// <summary>What the server says of itself.</summary>
/// <param name="Version">Holoflow's version.</param>
/// <param name="StartedAt">When the API started.</param>
/// <param name="Database">sqlite or postgresql.</param>
/// <param name="Ready">True where it answers requests.</param>
/// <param name="Scope">What the caller's API token allows; null: the server asks for none.</param>
public sealed record ServerStatus(string Version, DateTimeOffset StartedAt, string Database, bool Ready, TokenScope? Scope = null);
