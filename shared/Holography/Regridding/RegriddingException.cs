namespace Holoflow.Holography.Regridding;

/// <summary>Samples that cannot be regridded; the message says which and why.</summary>
public sealed class RegriddingException(string message) : Exception(message);
