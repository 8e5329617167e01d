namespace Holoflow.Holography.Raster;

/// <summary>An observation whose pointing does not make a raster; the message says what is wrong and what would be right.</summary>
public sealed class RasterException(string message) : Exception(message);
